#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// The encoder of BERT (Devlin et al. 2019, arXiv:1810.04805) and of those that keep its blocks: MiniLM, e5,
/// DistilBERT (without token types), RoBERTa, XLM-R and CamemBERT (positions that begin behind the padding's number).
struct BertConfig {
  std::string name = "bert";
  TransformerSizes sizes = {
      .vocabulary = 30522, .positions = 512, .width = 768, .depth = 12, .heads = 12, .hidden = 3072};
  std::int64_t types = 2;           ///< 0: without them
  bool types_given = true;          ///< by an input; otherwise all tokens are of type 0
  std::int64_t first_position = 0;  ///< the row of the first token's position; RoBERTa: its padding's id + 1
  float epsilon = 1e-12F;
  BlockActivation activation = BlockActivation::gelu;
};

/// Inputs "input_ids", "attention_mask" and, where types are given, "token_type_ids", each (batch, tokens) int64;
/// output "states" (batch, tokens, width). Stages: embeddings, block0 .. Padding changes no other token's answer.
/// Throws Error{usage} for sizes that are not possible.
Blueprint bert(const BertConfig& config);

}  // namespace enxerto
