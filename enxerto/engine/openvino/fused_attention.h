#pragma once
#include <openvino/core/model.hpp>

namespace enxerto {

/// Writes attention as one operation where it is as the zoo writes it: softmax(q k' + mask) v, with keys and values
/// that are repeated for several heads. Of kept keys and values the engine then appends to them in place, and repeats
/// nothing.
void fuse_attention(ov::Model& model);

}  // namespace enxerto
