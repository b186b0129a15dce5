#include "enxerto/metrics/labelled_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {

LabelledScores labelled_scores(const Tensor& scores, const Tensor& labels) {
  const Shape& shape = scores.shape();
  if (shape.size() != 2 || shape[1] < 1 || labels.shape() != Shape{shape[0]})
    throw data_error("metrics", fmt::format("scores {}, labels {}", to_string(shape), to_string(labels.shape())),
                     "scores (N, classes) and labels (N)");
  const LabelledScores result{scores.as<float>(), labels.as<std::int64_t>(), static_cast<std::size_t>(shape[1])};
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result.labels[i] < 0 || result.labels[i] >= shape[1])
      throw data_error(fmt::format("metrics, example {}", i), fmt::format("label {}", result.labels[i]),
                       fmt::format("0 to {}", shape[1] - 1));
    const std::span<const float> row = result.row(i);
    if (std::any_of(row.begin(), row.end(), [](float score) { return std::isnan(score); }))
      throw data_error(fmt::format("metrics, example {}", i), "a score that is not a number", "numbers");
  }
  return result;
}

std::size_t highest(std::span<const float> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

}  // namespace enxerto
