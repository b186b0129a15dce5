#pragma once
#include <span>
#include <string_view>

namespace enxerto {

/// Names of PASCAL VOC's classes by their numbers, 21 with "__background__", which is 0.
std::span<const std::string_view> voc_labels();

}  // namespace enxerto
