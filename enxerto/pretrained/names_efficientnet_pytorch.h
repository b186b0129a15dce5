#pragma once
#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// The names of L. Melas-Kyriazi's `efficientnet_pytorch` and its Lite fork: `_conv_stem.weight`, blocks counted
/// through
/// (`_blocks.7._depthwise_conv.weight`), `_fc.weight`. The zoo's are timm's (`blocks.3.1.conv_dw.weight`).
bool recognises_efficientnet_pytorch(const StateDict& weights);
StateDict translate_efficientnet_pytorch(const StateDict& weights, const Blueprint& blueprint);

}  // namespace enxerto
