#include "enxerto/heads/second_moment.h"

#include <algorithm>
#include <cmath>

#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr std::size_t kMomentRowsAtOnce = 128;  // times a few vectors of features: stays in the first-level cache
constexpr std::size_t kFeaturesAtOnce = 60;

std::vector<float> standardised_sample(const WeighedRows& rows, const Standardisation& standardisation,
                                       std::size_t count) {
  const std::size_t width = rows.features.width, all = rows.features.size();
  std::vector<float> sample(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t r = i * all / count;
    const float* const from = rows.features.row[r];
    const double weight = rows.class_weights.empty() ? 1.0 : rows.class_weights[to_size(rows.labels[r])];
    const double scale = std::sqrt(weight / static_cast<double>(count));
    for (std::size_t f = 0; f < width; ++f)
      sample[i * width + f] = static_cast<float>(scale * (static_cast<double>(from[f]) - standardisation.mean[f]) *
                                                 standardisation.inverse_deviation[f]);
  }
  return sample;
}

/// Fills `moment` for the features `first` to `first` + `taken` against all from `first` on, and mirrors that.
void fill_stripe(std::span<const float> sample, std::size_t width, std::size_t first, const SkinnyProduct& product,
                 std::vector<float>& moment) {
  const std::size_t taken = std::min(kFeaturesAtOnce, width - first), rest = width - first;
  const std::size_t count = sample.size() / width;
  std::vector<double> total(taken * rest);
  std::vector<float> left(kMomentRowsAtOnce * taken);
  std::vector<const float*> right(kMomentRowsAtOnce);
  for (std::size_t begin = 0; begin < count; begin += kMomentRowsAtOnce) {
    const std::size_t rows = std::min(kMomentRowsAtOnce, count - begin);
    for (std::size_t r = 0; r < rows; ++r) {
      right[r] = sample.data() + (begin + r) * width + first;
      std::copy_n(right[r], taken, left.data() + r * taken);
    }
    product.accumulate({right.data(), rows, rest}, taken, left.data(), total.data());
  }
  for (std::size_t i = 0; i < taken; ++i)
    for (std::size_t j = i; j < rest; ++j)
      moment[(first + i) * width + first + j] = moment[(first + j) * width + first + i] =
          static_cast<float>(total[i * rest + j]);
}

}  // namespace

std::vector<float> measure_second_moment(const WeighedRows& rows, const Standardisation& standardisation,
                                         std::size_t most_rows, int threads, const SkinnyProduct& product) {
  const std::size_t width = rows.features.width;
  const std::vector<float> sample =
      standardised_sample(rows, standardisation, std::min(most_rows, rows.features.size()));
  std::vector<float> moment(width * width);
  parallel_for(threads, (width + kFeaturesAtOnce - 1) / kFeaturesAtOnce,
               [&](std::size_t i) { fill_stripe(sample, width, i * kFeaturesAtOnce, product, moment); });
  return moment;
}

}  // namespace enxerto
