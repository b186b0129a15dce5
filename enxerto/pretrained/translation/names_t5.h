#pragma once
#include "enxerto/base/state_dict.h"

namespace enxerto {

/// The tensors of transformers' T5 under the names of the zoo; tables that are there twice are left out.
StateDict from_t5(const StateDict& weights, bool own_output);

}  // namespace enxerto
