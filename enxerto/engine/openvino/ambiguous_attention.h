#pragma once
#include <openvino/core/model.hpp>

namespace enxerto {

/// Whether an attention of the model exchanges two dimensions of one known size (as many tokens as heads). OpenVINO
/// 2026.4 fuses it to a kernel that then reads one for the other: answers are off by up to a hundredth, without a word.
bool has_ambiguous_attention(const ov::Model& model);

}  // namespace enxerto
