#pragma once
#include <vector>

#include "enxerto/base/rows.h"

namespace enxerto {

/// Mean and inverse standard deviation of each feature. A feature that does not vary (standard deviation below 1e-5 of
/// its mean, which float32 hardly distinguishes from rounding, or below 1e-6 of the largest one: what a norm with a
/// scale of nearly 0 leaves) has the inverse 0: it takes no part. One that hardly varies counts as if it varied by a
/// twentieth of the median deviation, so that no rare value is thousands of deviations away.
struct Standardisation {
  std::vector<double> mean;
  std::vector<double> inverse_deviation;
};

/// One pass over the rows, in double. Throws Error{data} that names the row where a feature is not finite.
Standardisation measure_standardisation(const Rows& features, int threads);

}  // namespace enxerto
