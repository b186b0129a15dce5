#pragma once
#include <cstddef>
#include <string>
#include <unordered_map>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Gives each node its stage: those from number `head` on are "head"; before it, a stage is a run of nodes of one
/// module, named after it ("layer1", "block5"), that begins where one value separates the network. Modules are known
/// from `scopes` (by node name) or, with TensorFlow's names, from the nodes' own. Without any, stages end where maps
/// get smaller and are called stage0 ..
Graph with_found_stages(Graph graph, std::size_t head, const std::unordered_map<std::string, std::string>& scopes);

}  // namespace enxerto
