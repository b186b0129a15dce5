#pragma once
#include "enxerto/base/state_dict.h"

namespace enxerto {

/// "..attn.q.weight", "..attn.k.weight" and "..attn.v.weight" of one shape and type become "..attn.qkv.weight", one
/// below the other; their biases alike. All else is kept.
StateDict with_joined_attention(const StateDict& weights);

}  // namespace enxerto
