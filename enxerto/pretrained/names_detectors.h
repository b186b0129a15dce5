#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How torchvision names the tensors of its detectors: "backbone." before the network, "backbone.extra.",
/// "backbone.fpn." and "head." for what is grown on it; towers of RetinaNet also as before version 0.13. Where
/// RetinaNet's normalisations were frozen (torchvision's FrozenBatchNorm2d counts no batches), they are as the
/// published ones are: without an epsilon.
std::span<const NameTable> detector_names();

}  // namespace enxerto
