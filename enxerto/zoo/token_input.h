#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// The output of a network of tokens that has no head: what its last block gives of each token, (batch, tokens, width).
inline constexpr const char* kTokenStates = "states";

inline constexpr const char* kTokenMask = "attention_mask";

/// The inputs of a network of tokens: "input_ids" and "attention_mask" (1, and 0 for padding), each (batch, tokens)
/// int64.
struct TokenInput {
  std::string ids, mask;
  std::string positions;  ///< (batch, tokens) int64: the number of each token among those that count, from 0
};

/// Declares the inputs; the rest belongs to the stage that the builder is in.
TokenInput token_input(GraphBuilder& net);

/// What is added to scores of attention, (batch, 1, 1, tokens): 0 where a token counts, and the lowest number that
/// bfloat16 has where it is padding. With `causal` (batch, 1, tokens, tokens): a token sees none behind it.
std::string attention_mask(GraphBuilder& net, const TokenInput& input, bool causal);

/// Rows of the parameter `name` + ".weight" (rows, width) by their numbers, (batch, tokens, width).
std::string embedding(GraphBuilder& net, const std::string& numbers, const std::string& name, std::int64_t rows,
                      std::int64_t width);

}  // namespace enxerto
