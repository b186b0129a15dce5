#pragma once
#include <string_view>

#include "enxerto/files/json.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The graph without the values of its parameters, which are named only: `{"schema_version", "name", "inputs",
/// "outputs", "parameters", "nodes"}`. An attribute is an object with its type as the one key; tensors among them are
/// base64. Throws Error{weights} for text that is not UTF-8.
Json graph_to_json(const Graph& graph);

/// The opposite, with the values of the parameters from `parameters`. Throws Error{weights} naming `where` and the node
/// for another schema version, an unknown key or attribute type, a parameter that is in only one of the two, and for
/// every graph that `check` refuses.
Graph graph_from_json(const Json& json, const StateDict& parameters, std::string_view where);

}  // namespace enxerto
