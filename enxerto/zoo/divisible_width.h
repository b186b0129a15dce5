#pragma once
#include <algorithm>
#include <cstdint>

namespace enxerto {

/// The multiple of 8 nearest to `width` that loses at most a tenth of it: how MobileNets and EfficientNets scale their
/// widths (`make_divisible` in TensorFlow's and torchvision's code).
inline std::int64_t divisible_width(double width) {
  const std::int64_t rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(width + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * width ? rounded + 8 : rounded;
}

}  // namespace enxerto
