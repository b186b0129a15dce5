#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The maps that a detector's own predictions are made from, the largest first, where the network is one: it has an
/// output of many places (batch, places, values), and convolutions alone make its predictions. Empty otherwise.
///
/// Found by structure: of each size, the last map that all predictions of that size go through; where there are several
/// sizes, whose heads are alike, the map before the layers that they have alike. Where all predictions are of one size,
/// the smaller maps that it was enlarged from follow.
std::vector<Value> prediction_maps(const Graph& graph);

/// "the file's own head (6 outputs) is left out: a new head takes the 3 maps .."
std::string note_of_maps(const Graph& graph, const std::vector<Value>& maps);

/// The network up to these maps in stages, "stage0" .. by the size that maps get down to and "neck" from where they are
/// enlarged again, with a head that averages them: its output is one row of all their channels.
Graph with_map_stages(Graph graph, const std::vector<Value>& maps);

}  // namespace enxerto
