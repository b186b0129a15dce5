#pragma once
#include <span>
#include <string_view>

namespace enxerto {

/// Names of COCO's categories by their id, 91 as torchvision lists them: "__background__" is 0, and the ids that COCO
/// does not use are "N/A".
std::span<const std::string_view> coco_labels();

}  // namespace enxerto
