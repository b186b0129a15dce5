#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"

namespace enxerto {

/// Names of the layers in a layers model's `modelTopology`, in its order, those of nested models behind the model that
/// holds them; empty where the topology is something else.
std::vector<std::string> layers_of_topology(const Json& topology);

/// Where each of `names` ("block1/conv/kernel") belongs when they are put in the order of the layers: positions in
/// `names`. A name belongs to the innermost part of its path that is a layer; those without one come last, and what
/// belongs to one layer keeps its order.
std::vector<std::size_t> in_order_of_layers(const std::vector<std::string_view>& names,
                                            const std::vector<std::string>& layers);

}  // namespace enxerto
