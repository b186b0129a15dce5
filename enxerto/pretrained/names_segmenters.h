#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How torchvision names the tensors of its segmenters: "backbone." before the network, "classifier." for the head. The
/// auxiliary classifier, which only training uses, is left out. LR-ASPP's head has no normalisation of the finest map
/// there: it gets one that changes nothing. In a
/// network without such a head "classifier." stays, and is refused.
std::span<const NameTable> segmenter_names();

}  // namespace enxerto
