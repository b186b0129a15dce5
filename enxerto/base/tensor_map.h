#pragma once
#include "enxerto/base/state_dict.h"

namespace enxerto {

/// Named tensors of a batch: inputs, rows, targets, outputs.
using TensorMap = StateDict;

}  // namespace enxerto
