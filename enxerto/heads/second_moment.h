#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/rows.h"
#include "enxerto/heads/skinny_product.h"
#include "enxerto/heads/standardisation.h"

namespace enxerto {

/// What the rows of a sample are: looked at, not owned.
struct WeighedRows {
  const Rows& features;
  std::span<const std::int64_t> labels;
  std::span<const double> class_weights;  ///< empty: all 1
};

/// (width, width) mean of c(y) x x^T over standardised rows, from an evenly spaced sample of at most `most_rows` of
/// them; symmetric, row by row. Needs `most_rows` * width floats in addition to the result. The same for any `threads`.
std::vector<float> measure_second_moment(const WeighedRows& rows, const Standardisation& standardisation,
                                         std::size_t most_rows, int threads,
                                         const SkinnyProduct& product = fastest_skinny_product());

}  // namespace enxerto
