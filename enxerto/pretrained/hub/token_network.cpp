#include "enxerto/pretrained/hub/token_network.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/hub/token_families.h"

namespace enxerto {
namespace {

std::vector<TokenFamily> token_families() {
  std::vector<TokenFamily> all;
  for (const std::span<const TokenFamily> some : {bert_families(), gpt_families(), llama_families()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

struct ActivationWord {
  std::string_view name;
  BlockActivation activation;
};
constexpr std::array kActivationWords{
    ActivationWord{"gelu", BlockActivation::gelu},
    ActivationWord{"gelu_python", BlockActivation::gelu},
    ActivationWord{"gelu_new", BlockActivation::gelu_tanh},
    ActivationWord{"gelu_fast", BlockActivation::gelu_tanh},
    ActivationWord{"gelu_pytorch_tanh", BlockActivation::gelu_tanh},
    ActivationWord{"relu", BlockActivation::relu},
    ActivationWord{"silu", BlockActivation::silu},
    ActivationWord{"swish", BlockActivation::silu},
};

}  // namespace

std::optional<TokenNetwork> token_network(const HubConfig& config) {
  const std::string type = config.text("model_type", "");
  for (const TokenFamily& family : token_families()) {
    if (family.model_type != type) continue;
    TokenNetwork network = built_by(config, [&] { return family.make(config); });
    if (config.find("quantization_config") != nullptr)
      network.notes.push_back(
          fmt::format("{}: 'quantization_config' is left out; weights are read as they are stored", config.where()));
    return network;
  }
  return std::nullopt;
}

std::vector<std::string> token_model_types() {
  std::vector<std::string> types;
  for (const TokenFamily& family : token_families()) types.emplace_back(family.model_type);
  return types;
}

BlockActivation block_activation(const HubConfig& config, std::string_view key, std::string_view usual) {
  const std::string name = config.text(key, usual);
  const auto* word = std::ranges::find(kActivationWords, name, &ActivationWord::name);
  if (word != kActivationWords.end()) return word->activation;
  std::vector<std::string_view> names;
  for (const ActivationWord& known : kActivationWords) names.push_back(known.name);
  config.fail(fmt::format("'{}' is '{}'", key, name), fmt::format("one of {}", fmt::join(names, ", ")));
}

float norm_epsilon(const HubConfig& config, std::string_view key, double usual) {
  constexpr double kMost = 0.1;
  const double epsilon = config.number(key, usual);
  if (static_cast<float>(epsilon) > 0 && epsilon <= kMost) return static_cast<float>(epsilon);
  config.fail(fmt::format("'{}' is {}", key, epsilon), fmt::format("a number above 0, at most {}", kMost),
              "take config.json from the source of the weights");
}

void require_flag(const HubConfig& config, std::string_view key, bool wanted) {
  if (config.flag(key, wanted) != wanted)
    config.fail(fmt::format("'{}' is {}", key, !wanted), fmt::format("{}: nothing else is supported", wanted),
                kOnnxTip);
}

}  // namespace enxerto
