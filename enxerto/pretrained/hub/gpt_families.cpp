#include <array>

#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/zoo/gpt2.h"
#include "enxerto/zoo/gpt_neox.h"

namespace enxerto {
namespace {

template <typename Config>
// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved from, in each instance
TokenNetwork network(Blueprint blueprint, const Config& config, std::string_view naming) {
  return {.blueprint = std::move(blueprint),
          .naming = naming,
          .pool = "last",
          .vocabulary = config.sizes.vocabulary,
          .longest = config.sizes.positions};
}

TokenNetwork make_gpt2(const HubConfig& config) {
  require_flag(config, "scale_attn_weights", true);
  require_flag(config, "scale_attn_by_inverse_layer_idx", false);
  require_flag(config, "add_cross_attention", false);
  Gpt2Config gpt;
  gpt.sizes = {.vocabulary = config.integer("vocab_size", 50257),
               .positions = config.integer("n_positions",
                                           config.integer("max_position_embeddings", config.integer("n_ctx", 1024))),
               .width = config.integer("n_embd", config.integer("hidden_size", 768)),
               .depth = config.integer("n_layer", config.integer("num_hidden_layers", 12)),
               .heads = config.integer("n_head", config.integer("num_attention_heads", 12)),
               .hidden = config.integer("n_inner", 0)};
  if (gpt.sizes.hidden == 0 && gpt.sizes.width < 1'000'000) gpt.sizes.hidden = 4 * gpt.sizes.width;
  gpt.causal = config.flag("is_causal", true);
  gpt.epsilon = norm_epsilon(config, "layer_norm_epsilon", 1e-5);
  gpt.activation = block_activation(config, "activation_function", "gelu_new");
  return network(gpt2(gpt), gpt, "transformers_gpt2");
}

TokenNetwork make_gpt_neox(const HubConfig& config) {
  GptNeoxConfig gpt;
  gpt.sizes = {.vocabulary = config.integer("vocab_size", 50432),
               .positions = config.integer("max_position_embeddings", 2048),
               .width = config.integer("hidden_size", 6144),
               .depth = config.integer("num_hidden_layers", 44),
               .heads = config.integer("num_attention_heads", 64),
               .hidden = config.integer("intermediate_size", 24576)};
  check(gpt.name, gpt.sizes);
  const double share = rotary_parameters(config).number("partial_rotary_factor", config.number("rotary_pct", 0.25));
  const std::int64_t head = gpt.sizes.width / gpt.sizes.heads;
  if (!(share > 0 && share <= 1)) config.fail("rotates an impossible share of a head", "above 0, at most 1");
  gpt.frequencies = rotary_frequencies(config, static_cast<std::int64_t>(static_cast<double>(head) * share),
                                       config.number("rotary_emb_base", 10000));
  gpt.parallel = config.flag("use_parallel_residual", true);
  gpt.attention_bias = config.flag("attention_bias", true);
  gpt.causal = config.flag("is_causal", true);
  gpt.epsilon = norm_epsilon(config, "layer_norm_eps", 1e-5);
  gpt.activation = block_activation(config, "hidden_act", "gelu");
  return network(gpt_neox(gpt), gpt, "transformers_gpt_neox");
}

constexpr std::array kGptFamilies{TokenFamily{"gpt2", make_gpt2}, TokenFamily{"gpt_neox", make_gpt_neox}};

}  // namespace

std::span<const TokenFamily> gpt_families() { return kGptFamilies; }

}  // namespace enxerto
