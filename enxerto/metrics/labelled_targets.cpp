#include "enxerto/metrics/labelled_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {

LabelledTargets labelled_targets(const Tensor& answers, const Tensor& targets, std::size_t width) {
  const Shape& shape = answers.shape();
  if (shape.size() != 2 || shape[1] != static_cast<std::int64_t>(width) || targets.shape() != shape)
    throw data_error("metrics", fmt::format("answers {}, targets {}", to_string(shape), to_string(targets.shape())),
                     fmt::format("both (N, {})", width));
  const LabelledTargets batch{answers.as<float>(), targets.as<float>(), static_cast<std::size_t>(shape[0]), width};
  const auto finite = [](float number) { return std::isfinite(number); };
  for (std::size_t i = 0; i < batch.rows; ++i) {
    const auto row = [&](std::span<const float> all) { return all.subspan(i * width, width); };
    const auto answer = row(batch.answers), target = row(batch.targets);
    if (std::all_of(answer.begin(), answer.end(), finite) && std::all_of(target.begin(), target.end(), finite))
      continue;
    throw data_error(fmt::format("metrics, example {}", i), "a number that is not finite", "finite ones");
  }
  return batch;
}

}  // namespace enxerto
