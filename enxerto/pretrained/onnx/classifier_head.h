#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Where a network ends in its classifier.
struct ClassifierHead {
  std::size_t begin = 0;  ///< the first node of it: averaging and flattening, which hold no parameters, are part of it
  bool classifies = false;              ///< false: averaging and flattening alone
  std::string features = {};            ///< the value that enters
  std::vector<std::int64_t> turn = {};  ///< makes it (batch, C, H, W) or (batch, tokens, C); empty where it is that
};

/// The classifier is the dense layer that no other parameters follow, with the dense layers before it back to an
/// averaged or flattened map, or the 1 x 1 convolution in its place behind the
/// pooling (or before it, with ImageNet's 1000 classes). What enters the head is told by what the network does behind
/// it: where it averages all but the channels, the map (or tokens) before that, whichever dimension its channels
/// are, and also where a normalisation stands between the average and the classifier; where it flattens a map, that
/// map; else what the classifier takes, so that any other pooling stays the network's own. `begin` is where that value
/// alone enters; the number of nodes where there is no such place.
ClassifierHead find_head(const Graph& graph);

/// The same network, in which the channels of what enters the head are where a head looks for them: turned before it,
/// and back behind it. `head` is that of the result.
Graph with_turned_features(Graph graph, ClassifierHead& head);

}  // namespace enxerto
