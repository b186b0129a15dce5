#pragma once
#include <openvino/core/model.hpp>

namespace enxerto {

/// Recurrent layers whose examples have lengths of their own, for a batch or length that is open. OpenVINO's kernel for
/// constant weights ignores those lengths there; weights that follow from an input are computed step by step instead,
/// with the lengths. So the recurrent weights get a zero added that only the lengths tell.
void honour_lengths(ov::Model& model);

}  // namespace enxerto
