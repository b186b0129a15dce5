#include "enxerto/tasks/text_surprise.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/tasks/decided.h"

namespace enxerto {

TextSurprise text_surprise(const TensorMap& outputs, std::int64_t width) {
  const auto numbers = answers_of(outputs, width);
  return {.nats = static_cast<double>(numbers[0]), .tokens = static_cast<double>(numbers[1])};
}

std::vector<Prediction> predictions_of(const TextSurprise& surprise) {
  std::vector<Prediction> answer;
  const auto add = [&](const char* name, double value) {
    answer.push_back({.label = name, .index = static_cast<std::int64_t>(answer.size()), .value = value});
  };
  add("perplexity", std::exp(surprise.of_token()));
  add("bits_per_token", surprise.of_token() / std::numbers::ln2);
  add("tokens", surprise.tokens);
  return answer;
}

Judged judged(const TextSurprise& surprise) {
  return {.error = surprise.of_token(),
          .truth = fmt::format("{:.0f} tokens", surprise.tokens),
          .predicted = fmt::format("perplexity {:.4g}", std::exp(surprise.of_token()))};
}

TensorMap facts_as_targets(const Tensor& target, std::size_t facts) {
  if (target.dtype() != DType::f32 || target.size() != facts)
    throw data_error("targets", fmt::format("{} of {}", target.size(), name_of(target.dtype())),
                     fmt::format("{} facts of a text", facts));
  TensorMap map;
  map.set(std::string(kLossTarget), target);
  return map;
}

}  // namespace enxerto
