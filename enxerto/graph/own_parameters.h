#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same function in which no two stages, nor two normalisations or two slots of one, use one parameter: what a file
/// stores once for several of them (PyTorch's exporters do so where numbers are equal) is a parameter for each, under
/// its name and, from the second on, that of the stage or node behind a '/'; memory is shared. So a stage that stays
/// frozen has nothing that another one trains.
Graph with_own_parameters(const Graph& graph);

}  // namespace enxerto
