#pragma once
#include <openvino/core/model.hpp>

namespace enxerto {

/// OpenVINO 2026.4 takes `clip(x, 0, 6) * c` for a hard sigmoid where c is about 1/6, and computes with 1/6. Where c is
/// another number (1/6 that went through half precision), the product comes before the limits, which it does not take
/// for one: the same function, to the last bit or two.
void keep_nearly_hard_sigmoids(ov::Model& model);

}  // namespace enxerto
