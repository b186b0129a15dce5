#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network with one output of a row an example: "logits", or "features" where no classifier makes it. A
/// Softmax, LogSoftmax or Sigmoid at the end goes; a map is averaged; further outputs go, which `notes` says. Throws
/// Error{weights} naming `where` for other outputs.
Graph with_one_output(Graph graph, const std::string& where, std::vector<std::string>& notes);

/// Where a network ends in its classifier.
struct ClassifierHead {
  std::size_t begin = 0;    ///< the first node of it: pooling and flattening, which hold no parameters, are part of it
  bool classifies = false;  ///< false: pooling and flattening alone
};

/// The classifier is the dense layer that no other parameters follow, or the 1 x 1 convolution in its place behind the
/// pooling (or before it, with ImageNet's 1000 classes). `begin` is where one value (batch, C) or (batch, C, H, W)
/// enters; the number of nodes where there is no such place.
ClassifierHead find_head(const Graph& graph);

}  // namespace enxerto
