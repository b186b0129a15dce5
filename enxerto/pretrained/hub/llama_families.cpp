#include <array>

#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/zoo/llama.h"

namespace enxerto {
namespace {

LlamaConfig sizes_of(const HubConfig& config) {
  LlamaConfig llama;
  llama.sizes = {.vocabulary = config.integer("vocab_size", 32000),
                 .positions = config.integer("max_position_embeddings", 2048),
                 .width = config.integer("hidden_size", 4096),
                 .depth = config.integer("num_hidden_layers", 32),
                 .heads = config.integer("num_attention_heads", 32),
                 .hidden = config.integer("intermediate_size", 11008)};
  llama.head_width = config.integer("head_dim", 0);
  check(llama.name, llama.sizes, llama.head_width);
  if (llama.head_width == 0) llama.head_width = llama.sizes.width / llama.sizes.heads;
  llama.key_heads = config.integer("num_key_value_heads", llama.sizes.heads);
  llama.frequencies = rotary_frequencies(config, llama.head_width, config.number("rope_theta", 10000));
  llama.causal = config.flag("is_causal", true);
  llama.epsilon = norm_epsilon(config, "rms_norm_eps", 1e-6);
  llama.activation = block_activation(config, "hidden_act", "silu");
  return llama;
}

TokenNetwork network(const LlamaConfig& llama) {
  return {.blueprint = enxerto::llama(llama),
          .naming = "transformers_llama",
          .pool = "last",
          .vocabulary = llama.sizes.vocabulary,
          .longest = llama.sizes.positions};
}

TokenNetwork make_llama(const HubConfig& config) {
  LlamaConfig llama = sizes_of(config);
  llama.query_bias = llama.output_bias = config.flag("attention_bias", false);
  llama.hidden_bias = config.flag("mlp_bias", false);
  return network(llama);
}

TokenNetwork make_qwen2(const HubConfig& config) {
  require_flag(config, "use_sliding_window", false);
  LlamaConfig qwen = sizes_of(config);
  qwen.name = "qwen2";
  qwen.query_bias = true;
  return network(qwen);
}

constexpr std::array kLlamaFamilies{TokenFamily{"llama", make_llama}, TokenFamily{"qwen2", make_qwen2}};

}  // namespace

std::span<const TokenFamily> llama_families() { return kLlamaFamilies; }

}  // namespace enxerto
