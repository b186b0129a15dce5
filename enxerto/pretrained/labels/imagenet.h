#pragma once
#include <span>
#include <string_view>

namespace enxerto {

/// Names of the 1000 classes of ImageNet-1k (ILSVRC 2012), by index. A few names stand for two classes ("crane").
std::span<const std::string_view> imagenet_labels();

}  // namespace enxerto
