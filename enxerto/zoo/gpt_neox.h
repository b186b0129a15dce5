#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// GPT-NeoX (Black et al. 2022, arXiv:2204.06745), of which Pythia is one, without the layer that predicts words.
struct GptNeoxConfig {
  std::string name = "gpt_neox";
  TransformerSizes sizes = {
      .vocabulary = 50432, .positions = 2048, .width = 768, .depth = 12, .heads = 12, .hidden = 3072};
  std::vector<float> frequencies = {};  ///< of its rotary positions (rotary.h), for the first part of each head
  bool parallel = true;                 ///< attention and dense layers both see what enters the block
  bool attention_bias = true;
  bool causal = true;  ///< a token sees those before it and itself; else all
  float epsilon = 1e-5F;
  BlockActivation activation = BlockActivation::gelu;
};

/// Inputs, output and stages as of `gpt2`. Queries, keys and values lie one behind the other in "attn.qkv". Throws
/// Error{usage} for sizes that are not possible.
Blueprint gpt_neox(const GptNeoxConfig& config);

}  // namespace enxerto
