#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Operators of this engine alone. Attention: queries, keys, values (batch, heads, tokens, width) and what is added to
/// the scores (may be left out) -> (batch, heads, tokens, width): softmax(q k' + mask) v.
inline constexpr std::string_view kFusedAttention = "FusedAttention";

/// x and a scale -> x / sqrt(mean(x²) + epsilon) times the scale, along the last dimension; attribute "epsilon".
inline constexpr std::string_view kRootMeanSquareNorm = "RootMeanSquareNorm";

/// x (.., in), weight (out, in) and bias (out) -> x weight' + bias.
inline constexpr std::string_view kDenseLayer = "DenseLayer";

/// A network of tokens as the zoo writes it, in small operations that every engine knows: those of attention, of a
/// root-mean-square norm and of a dense layer become one where nothing else needs what is between. Other graphs stay as
/// they are.
Graph with_fused_blocks(const Graph& graph);

}  // namespace enxerto
