#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

enum class KerasKind { convolution, depthwise, dense, normalisation };

/// A layer of Keras that has weights, as one of our networks has it.
struct WeightedKerasLayer {
  KerasKind kind = KerasKind::convolution;
  std::string ours = {};  ///< what its parameters' names begin with: "layer1.0.conv1"
  std::size_t node = 0;   ///< of the graph
  Shape map = {};         ///< (C, H, W) where a dense layer stands behind the Flatten of a map; empty otherwise
};

/// All of them, in the order of the network's nodes, in which Keras's code makes them too.
std::vector<WeightedKerasLayer> keras_layers(const Blueprint& blueprint);

/// The order in which Keras lists them (`model.layers`) and saves them, as positions in `keras_layers`: the furthest
/// from the output first; layers at the same distance as they are met from the output backwards
/// (keras/src/models/functional.py, function.py: map_graph).
std::vector<std::size_t> keras_model_order(const Blueprint& blueprint, const std::vector<WeightedKerasLayer>& layers);

}  // namespace enxerto
