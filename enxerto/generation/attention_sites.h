#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Where a network attends: the values (batch, heads, tokens, width) that keys and values are, before they are turned
/// and repeated, and the numbers of the nodes that read them.
struct AttentionSite {
  std::string key, value;
  std::size_t key_reader = 0, value_reader = 0;
};

/// All softmax(q k' + mask) v of a graph, in its order, as zoo/attention.h writes them. Throws Error{weights} for a
/// softmax over tokens that is none.
std::vector<AttentionSite> attention_sites(const Graph& graph);

}  // namespace enxerto
