#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// Llama (Touvron et al. 2023, arXiv:2302.13971) and those of its kind, SmolLM2 and Qwen2, without the layer that
/// predicts words: root-mean-square normalisation, rotary positions, grouped queries, gated dense layers (Shazeer 2020,
/// arXiv:2002.05202).
struct LlamaConfig {
  std::string name = "llama";
  TransformerSizes sizes = {
      .vocabulary = 32000, .positions = 2048, .width = 4096, .depth = 32, .heads = 32, .hidden = 11008};
  std::int64_t key_heads = 32;          ///< divides the heads
  std::int64_t head_width = 128;        ///< even
  std::vector<float> frequencies = {};  ///< head_width / 2 of them (rotary.h)
  bool query_bias = false;              ///< of queries, keys and values: Qwen2
  bool output_bias = false;             ///< of what attention ends in
  bool hidden_bias = false;             ///< of the dense layers
  bool causal = true;                   ///< a token sees those before it and itself; else all
  float epsilon = 1e-6F;
  BlockActivation activation = BlockActivation::silu;
};

/// Inputs, output and stages as of `gpt2`. Throws Error{usage} for sizes that are not possible.
Blueprint llama(const LlamaConfig& config);

}  // namespace enxerto
