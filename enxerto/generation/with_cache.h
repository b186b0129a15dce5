#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/base/kept_state.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The positions of tokens that are new, (batch, tokens) int64.
inline constexpr const char* kPositionIds = "position_ids";

/// A network that reads its text in parts, each token once.
struct CachedNetwork {
  /// As the network that it was made of, but: "input_ids" are the tokens that are new, and each of `states` is an input
  /// and an output. Of attention "attention_mask" has those before them too, (batch, total), and the new tokens are
  /// told their positions, "position_ids" (batch, tokens).
  Graph graph;
  std::vector<KeptState> states = {};
  std::int64_t bytes_per_token = 0;  ///< that the states of one example grow by
  std::int64_t bytes_at_once = 0;    ///< that they have from the beginning
  bool attends = false;              ///< takes "position_ids"

  /// Bytes that are kept of `rows` texts of `tokens` tokens each.
  std::uint64_t bytes_kept(std::int64_t tokens, std::int64_t rows) const {
    return static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(bytes_at_once + tokens * bytes_per_token);
  }
};

/// Rewrites the attention of a network of tokens, as the zoo writes it: keys and values are what is kept, as they are
/// before they are repeated for several heads; of recurrent layers in one direction the states that they end with.
/// Throws Error{weights} for a network that has neither, or another form of them (layers in both directions, networks
/// of ONNX files).
CachedNetwork with_cache(const Graph& network);

}  // namespace enxerto
