#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/rotary.h"

namespace enxerto {

/// How tokens attend to each other (Vaswani et al. 2017, arXiv:1706.03762).
struct Attention {
  std::int64_t heads = 1;
  std::int64_t key_heads = 0;  ///< of keys and values, each for heads / key_heads queries (Ainslie et al. 2023,
                               ///< arXiv:2305.13245); 0: as many as `heads`
  std::int64_t head_width = 1;
  bool scaled = true;     ///< false: queries are taken as they are (T5)
  std::string mask = {};  ///< added to the scores, (batch, 1, 1 or tokens, tokens); "": every token sees all
  Rotary rotary = {};     ///< turns queries and keys by their positions; without `cosine`: nothing is turned
};

/// Values (batch, tokens, heads * head_width), the keys' and values' with `key_heads`.
struct Projections {
  std::string query, key, value;
};

/// Each token's mixture of the values, (batch, tokens, heads * head_width): softmax(q k' / sqrt(head_width) + mask) v.
/// Nodes are called `scope` + "scores", "weights", "mixed" .. It is written in the primitive operators that the forward
/// engine fuses.
std::string attended(GraphBuilder& net, const std::string& scope, const Projections& from, const Attention& attention);

/// The same of x (batch, tokens, width), as wide again: queries, keys and values by one dense layer `scope`qkv, the
/// mixture by `scope`proj; both with a bias, or neither.
std::string self_attention(GraphBuilder& net, const std::string& x, const std::string& scope,
                           const Attention& attention, bool bias = true);

}  // namespace enxerto
