#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Leaves out initial states of recurrent layers that are zeros whatever the batch (ConstantOfShape, cut or not), as
/// exporters of PyTorch write what ONNX means anyway: they would tie all layers to the first value whose size they are
/// made from. What only they used goes too.
Graph without_zero_states(Graph graph);

}  // namespace enxerto
