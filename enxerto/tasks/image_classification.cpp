#include "enxerto/tasks/image_classification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "enxerto/base/error.h"

namespace enxerto::image_classification {

std::vector<Prediction> top_k(std::span<const float> probabilities, std::span<const std::string> labels,
                              std::size_t k) {
  if (probabilities.size() != labels.size()) {
    throw Error(ErrorKind::data, {.where = "predictions",
                                  .found = std::to_string(probabilities.size()) + " probabilities",
                                  .expected = std::to_string(labels.size()) + ", one for each label",
                                  .tip = ""});
  }
  const auto rank = [&](std::size_t i) {
    return std::isnan(probabilities[i]) ? -std::numeric_limits<float>::infinity() : probabilities[i];
  };
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  k = std::min(k, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                    [&](std::size_t a, std::size_t b) { return rank(a) != rank(b) ? rank(a) > rank(b) : a < b; });
  std::vector<Prediction> best;
  best.reserve(k);
  for (std::size_t i = 0; i < k; ++i) {
    best.push_back({.label = labels[order[i]],
                    .index = static_cast<std::int64_t>(order[i]),
                    .probability = static_cast<double>(probabilities[order[i]])});
  }
  return best;
}

}  // namespace enxerto::image_classification
