#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "enxerto/pretrained/onnx/graph_values.h"

namespace enxerto {

/// True for operations that change the shape of a value alone: Reshape, Transpose, Squeeze ..
bool is_reshaping(const Node& node);

/// Which dimension of the node's first input becomes dimension `axis` of its first output, for what reshapes, averages
/// or takes the largest. nullopt where it is made of several (a map is flattened), is reduced, or is made otherwise.
std::optional<std::size_t> axis_before(const GraphValues& values, const Node& node, std::size_t axis);

/// Which dimension holds the channels, by what made the value: convolutions, pooling and batch normalisation have them
/// at 1, products with a matrix of weights and layer normalisation at the last; a vector of weights is as long as they
/// are. nullopt where nothing tells.
std::optional<std::size_t> channel_axis(const GraphValues& values, const std::string& value);

}  // namespace enxerto
