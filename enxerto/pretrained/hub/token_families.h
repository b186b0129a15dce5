#pragma once
#include <span>
#include <string_view>

#include "enxerto/pretrained/hub/token_network.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// How a `model_type` of config.json becomes a network.
struct TokenFamily {
  std::string_view model_type;
  TokenNetwork (*make)(const HubConfig& config);
};

// One function a file.
std::span<const TokenFamily> bert_families();
std::span<const TokenFamily> gpt_families();
std::span<const TokenFamily> llama_families();

/// The value of `key`, a word of transformers for an activation. Throws Error{weights} for one that there is not.
BlockActivation block_activation(const HubConfig& config, std::string_view key, std::string_view usual);

/// What a normalisation adds to the variance. Throws Error{weights} unless it is above 0 and at most 0.1.
float norm_epsilon(const HubConfig& config, std::string_view key, double usual);

/// Throws Error{weights} unless the flag is `wanted`, as it is where it is missing.
void require_flag(const HubConfig& config, std::string_view key, bool wanted);

/// "rope_scaling", else "rope_parameters": as transformers 5 has it, an empty one counts as none.
HubConfig rotary_parameters(const HubConfig& config);

/// Frequencies of rotary positions that turn `width` of a head's numbers, as `rotary_parameters` say, with `usual_base`
/// where they have no "rope_theta"; kinds "default", "linear" and "llama3". Throws Error{weights} for another kind.
std::vector<float> rotary_frequencies(const HubConfig& config, std::int64_t width, double usual_base);

}  // namespace enxerto
