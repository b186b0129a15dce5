#include "enxerto/heads/agreement.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace enxerto {
namespace {

/// The mean of `equal(scores of a, scores of b)` over pieces of `width` scores.
template <typename Equal>
double mean_over(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads, std::size_t width,
                 Equal equal) {
  const Tensor scores_a = scores(layer, a, threads), scores_b = scores(layer, b, threads);
  const auto all_a = scores_a.as<float>(), all_b = scores_b.as<float>();
  if (all_a.empty()) return 1;
  double sum = 0;
  for (std::size_t i = 0; i < all_a.size(); i += width) sum += equal(all_a.subspan(i, width), all_b.subspan(i, width));
  return sum * static_cast<double>(width) / static_cast<double>(all_a.size());
}

using Scores = std::span<const float>;

double same_side(Scores a, Scores b) { return (a[0] > 0) == (b[0] > 0) ? 1.0 : 0.0; }

double same_highest(Scores a, Scores b) {
  return std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin() ? 1.0 : 0.0;
}

}  // namespace

double equal_classes(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads) {
  const std::size_t units = layer.bias.size();
  return units == 1 ? equal_signs(layer, a, b, threads) : mean_over(layer, a, b, threads, units, same_highest);
}

double equal_signs(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads) {
  return mean_over(layer, a, b, threads, 1, same_side);
}

double equal_values(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads) {
  return 1 - mean_over(layer, a, b, threads, 1, [](Scores x, Scores y) {
           const double apart = static_cast<double>(x[0]) - static_cast<double>(y[0]);
           return apart * apart;
         });
}

}  // namespace enxerto
