#pragma once
#include <cstdint>
#include <span>

#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Throws Error{data} unless there is one label a row, each in 0 to classes - 1, and at least two classes have rows;
/// Error{usage} for options out of range.
void check_problem(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                   const SoftmaxRegressionOptions& options);

}  // namespace enxerto
