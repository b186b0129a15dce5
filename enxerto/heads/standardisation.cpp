#include "enxerto/heads/standardisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/row_range.h"

namespace enxerto {
namespace {

struct Sums {
  std::vector<double> value, square;
};

void add_row(const float* row, std::size_t width, Sums& sums) {
  double* value = sums.value.data();
  double* square = sums.square.data();
  for (std::size_t f = 0; f < width; ++f) {
    const double x = static_cast<double>(row[f]);
    value[f] += x;
    square[f] += x * x;
  }
}

bool finite(const std::vector<double>& values) {
  for (const double value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

[[noreturn]] void throw_not_finite(const Rows& features) {
  for (std::size_t r = 0; r < features.size(); ++r)
    for (std::size_t f = 0; f < features.width; ++f)
      if (!std::isfinite(features.row[r][f]))
        throw data_error(fmt::format("features, row {}", r), fmt::format("feature {} is {}", f, features.row[r][f]),
                         "finite numbers", "look at the input of this row, or run the backbone in fp32");
  throw data_error("features", "sums that are not finite", "finite numbers", "run the backbone in fp32");
}

/// Features that vary by less than a millionth of the one that varies most get the inverse 0: weights made large to use
/// them would make any gradient infinite.
void leave_out_negligible(std::vector<double>& inverse_deviation) {
  constexpr double kNegligible = 1e-6;
  double least = std::numeric_limits<double>::infinity();
  for (const double inverse : inverse_deviation)
    if (inverse > 0) least = std::min(least, inverse);
  for (double& inverse : inverse_deviation)
    if (inverse * kNegligible > least) inverse = 0;
}

/// Features that hardly vary in the rows that were measured, as units that are nearly always off, are not blown up to
/// vary as much as others: one that is on in a new row would be thousands of deviations from its mean and decide alone.
/// They count as if they varied by a twentieth of what features usually do.
void limit_rare(std::vector<double>& inverse_deviation) {
  constexpr double kLeastShare = 0.05;
  std::vector<double> inverse;
  for (const double one : inverse_deviation)
    if (one > 0) inverse.push_back(one);
  if (inverse.empty()) return;
  const auto middle = inverse.begin() + static_cast<std::ptrdiff_t>(inverse.size() / 2);
  std::ranges::nth_element(inverse, middle);
  const double most = *middle / kLeastShare;
  for (double& one : inverse_deviation) one = std::min(one, most);
}

}  // namespace

Standardisation measure_standardisation(const Rows& features, int threads) {
  const int workers = workers_for(features.size(), threads);
  std::vector<Sums> parts(to_size(workers));
  run_workers(workers, [&](int worker) {
    Sums& sums = parts[to_size(worker)];
    sums.value.assign(features.width, 0.0);
    sums.square.assign(features.width, 0.0);
    const RowRange range = range_of(features.size(), workers, worker);
    for (std::size_t r = range.begin; r < range.end; ++r) add_row(features.row[r], features.width, sums);
  });
  Standardisation result{std::vector<double>(features.width), std::vector<double>(features.width)};
  const double count = static_cast<double>(features.size());
  for (const Sums& part : parts)
    if (!finite(part.value) || !finite(part.square)) throw_not_finite(features);
  for (std::size_t f = 0; f < features.width; ++f) {
    double value = 0, square = 0;
    for (const Sums& part : parts) {
      value += part.value[f];
      square += part.square[f];
    }
    const double mean = value / count;
    const double variance = square / count - mean * mean;
    result.mean[f] = mean;
    result.inverse_deviation[f] = variance > 1e-10 * mean * mean ? 1.0 / std::sqrt(variance) : 0.0;
  }
  leave_out_negligible(result.inverse_deviation);
  limit_rare(result.inverse_deviation);
  return result;
}

}  // namespace enxerto
