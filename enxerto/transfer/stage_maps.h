#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// What the stages of these names hand on, each a map (batch, channels, height, width) of a fixed size, in the order of
/// the network; for no names, the last map of each size from about the input's size over `finest` on. Throws
/// Error{usage} for a stage that is not there or hands on anything else, naming those that could be taken.
std::vector<Value> stage_maps(const Graph& body, std::span<const std::string> names, std::int64_t finest);

}  // namespace enxerto
