#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// Between the dense layers of a block.
enum class BlockActivation : std::uint8_t {
  gelu,       ///< by erf
  gelu_tanh,  ///< the approximation by tanh
  relu,
  silu,
};

std::string activated(GraphBuilder& net, const std::string& x, const std::string& name, BlockActivation activation);

/// A dense layer along the last dimension that may have no bias.
std::string dense(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out, bool bias);

/// `name`fc1 to `hidden`, an activation, `name`fc2 back to the width.
std::string feed_forward(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t hidden,
                         BlockActivation activation);

/// x / sqrt(mean(x²) + epsilon) times name.weight (Zhang, Sennrich 2019, arXiv:1910.07467).
std::string rms_norm(GraphBuilder& net, const std::string& x, const std::string& name, float epsilon);

/// What the networks of tokens have in common; sizes are checked by `check`.
struct TransformerSizes {
  std::int64_t vocabulary = 1, positions = 1;
  std::int64_t width = 1, depth = 1, heads = 1, hidden = 1;
};

/// Throws Error{usage} naming the network for a size below 1 or beyond what any network has, and heads that do not
/// divide the width unless `head_width` is given.
void check(const std::string& network, const TransformerSizes& sizes, std::int64_t head_width = 0);

}  // namespace enxerto
