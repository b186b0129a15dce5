#pragma once
#include <span>

#include "enxerto/pretrained/name_table.h"

namespace enxerto {

/// How transformers names the tensors of ResNet and ConvNeXt, and timm those of ConvNeXt; the zoo's names are
/// torchvision's.
std::span<const NameTable> convolutional_names();

}  // namespace enxerto
