#include "enxerto/transfer/causality.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/transfer/graft.h"

namespace enxerto {
namespace {

constexpr std::int64_t kTokens = 6;
constexpr double kNoise = 1e-4;  // of the largest state: what the order of additions can do

}  // namespace

void require_causal(const Graph& network, const std::string& name) {
  Graph body = up_to_features(network);
  const std::string states = before_head(network).value.name;
  std::vector<std::int64_t> ids(2 * kTokens);
  for (std::int64_t i = 0; i < 2 * kTokens; ++i) ids[static_cast<std::size_t>(i)] = i % kTokens;
  ids.back() = 0;  // the second text ends otherwise
  TensorMap inputs;
  for (const Value& input : body.inputs) {
    const std::vector<std::int64_t> same(2 * kTokens, input.name == kAttentionMask ? 1 : 0);
    inputs.set(input.name,
               Tensor::of<std::int64_t>({2, kTokens}, input.name == kTokenIds ? std::span<const std::int64_t>(ids)
                                                                              : std::span<const std::int64_t>(same)));
  }
  const Tensor found = compile(body, {.streams = 1, .batch = 2})->run(inputs).at(states).to_float32();
  const auto values = found.as<float>();
  const std::size_t text = values.size() / 2, before = text / kTokens * (kTokens - 1);
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < before; ++i) {
    difference = std::max(difference, std::abs(static_cast<double>(values[i] - values[text + i])));
    largest = std::max(largest, std::abs(static_cast<double>(values[i])));
  }
  if (difference <= kNoise * largest) return;
  throw usage_error(fmt::format("backbone {}", name),
                    "it sees the words that it is to predict: a later word changes its output for earlier ones",
                    "a causal network: GPT-2, Llama, a unidirectional LSTM");
}

}  // namespace enxerto
