#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): the weight W (out, in) of a dense layer stays, and
/// alpha / rank times B A is learned beside it.
struct LoraOptions {
  std::int64_t rank = 0;
  double alpha = 0;
  /// Which layers: parts of their names, "attn", "mlp", "attn.q"; empty: all dense layers but those of the head.
  std::vector<std::string> targets = {};
  std::uint64_t seed = 0;  ///< of A, which begins uniform to 1 / sqrt(in); B begins at 0
};

/// What stands beside the layer of `weight` ("blocks.0.attn.q.weight"): A (rank, in) and B (out, rank).
std::string lora_a(std::string_view weight);
std::string lora_b(std::string_view weight);
bool is_lora(std::string_view parameter);

/// Names of the weights of dense layers that get an adapter, in the order of the graph. Throws Error{usage} for a part
/// that no layer has in its name, listing the layers of a block.
std::vector<std::string> lora_weights(const Graph& graph, const LoraOptions& options);

/// The same function with adapters, as long as B is 0.
Graph with_lora(const Graph& graph, const LoraOptions& options);

/// Of each pair A and B in `adapters` the weight of `network` with alpha / rank B A added; other parameters of
/// `adapters` as they are.
StateDict merged_lora(const Graph& network, const StateDict& adapters, double scale);

}  // namespace enxerto
