#pragma once
#include <map>
#include <string>

#include "enxerto/graph/graph.h"
#include "enxerto/onnx/placement.h"

namespace enxerto {

/// The serialised model; parameters without a placement are inside. Throws Error{usage} above protobuf's 2 GB.
std::string serialize_model(const Graph& graph, const Placements& placements,
                            const std::map<std::string, std::string>& metadata);

}  // namespace enxerto
