#pragma once
#include <string>
#include <unordered_map>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Gives parameters whose names are an exporter's numbers ("onnx::Conv_193", "val_7") the name of the module that uses
/// them and of their role: "layer1.0.conv1.weight". `scopes` holds the modules by node name; names that are taken stay.
Graph with_module_names(Graph graph, const std::unordered_map<std::string, std::string>& scopes);

}  // namespace enxerto
