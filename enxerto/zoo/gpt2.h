#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// GPT-2 (Radford et al. 2019) without the layer that predicts words: learned positions, normalisation before each
/// branch and behind the last block.
struct Gpt2Config {
  std::string name = "gpt2";
  TransformerSizes sizes = {
      .vocabulary = 50257, .positions = 1024, .width = 768, .depth = 12, .heads = 12, .hidden = 3072};
  bool causal = true;  ///< a token sees those before it and itself; else all
  float epsilon = 1e-5F;
  BlockActivation activation = BlockActivation::gelu_tanh;
};

/// Inputs "input_ids" and "attention_mask", each (batch, tokens) int64; output "states" (batch, tokens, width). A token
/// sees those before it and itself. Stages: embeddings, block0 .. Throws Error{usage} for sizes that are not possible.
Blueprint gpt2(const Gpt2Config& config);

}  // namespace enxerto
