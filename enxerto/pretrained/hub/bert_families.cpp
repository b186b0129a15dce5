#include <array>

#include <fmt/format.h>

#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/zoo/bert.h"

namespace enxerto {
namespace {

void require_plain_encoder(const HubConfig& config) {
  require_flag(config, "is_decoder", false);
  require_flag(config, "add_cross_attention", false);
  require_flag(config, "is_causal", false);
  const std::string positions = config.text("position_embedding_type", "absolute");
  if (positions != "absolute")
    config.fail(fmt::format("'position_embedding_type' is '{}'", positions), "absolute", kOnnxTip);
}

BertConfig bert_sizes_of(const HubConfig& config) {
  BertConfig bert;
  bert.sizes = {.vocabulary = config.integer("vocab_size", 30522),
                .positions = config.integer("max_position_embeddings", 512),
                .width = config.integer("hidden_size", 768),
                .depth = config.integer("num_hidden_layers", 12),
                .heads = config.integer("num_attention_heads", 12),
                .hidden = config.integer("intermediate_size", 3072)};
  bert.types = config.integer("type_vocab_size", 2);
  bert.epsilon = norm_epsilon(config, "layer_norm_eps", 1e-12);
  bert.activation = block_activation(config, "hidden_act", "gelu");
  return bert;
}

TokenNetwork network(const BertConfig& bert, std::string_view naming) {
  return {.blueprint = enxerto::bert(bert),
          .naming = naming,
          .pool = "avg",
          .vocabulary = bert.sizes.vocabulary,
          .longest = bert.sizes.positions - bert.first_position,
          .types = bert.types_given ? bert.types : 0};
}

TokenNetwork make_bert(const HubConfig& config) {
  require_plain_encoder(config);
  return network(bert_sizes_of(config), "transformers_bert");
}

/// The padding's row of the positions is that of its id, and those of tokens follow.
TokenNetwork make_roberta(const HubConfig& config) {
  require_plain_encoder(config);
  BertConfig roberta = bert_sizes_of(config);
  roberta.name = "roberta";
  if (config.find("vocab_size") == nullptr) roberta.sizes.vocabulary = 50265;
  roberta.types_given = false;
  roberta.first_position = config.integer("pad_token_id", 1) + 1;
  return network(roberta, "transformers_bert");
}

TokenNetwork make_distilbert(const HubConfig& config) {
  require_flag(config, "is_causal", false);
  BertConfig distilbert{.name = "distilbert",
                        .sizes = {.vocabulary = config.integer("vocab_size", 30522),
                                  .positions = config.integer("max_position_embeddings", 512),
                                  .width = config.integer("dim", 768),
                                  .depth = config.integer("n_layers", 6),
                                  .heads = config.integer("n_heads", 12),
                                  .hidden = config.integer("hidden_dim", 3072)},
                        .types = 0,
                        .activation = block_activation(config, "activation", "gelu")};
  return network(distilbert, "transformers_distilbert");
}

constexpr std::array kBertFamilies{
    TokenFamily{"bert", make_bert},         TokenFamily{"distilbert", make_distilbert},
    TokenFamily{"roberta", make_roberta},   TokenFamily{"xlm-roberta", make_roberta},
    TokenFamily{"camembert", make_roberta},
};

}  // namespace

std::span<const TokenFamily> bert_families() { return kBertFamilies; }

}  // namespace enxerto
