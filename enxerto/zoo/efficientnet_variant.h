#pragma once
#include <cstdint>
#include <string>

namespace enxerto {

/// What both families of EfficientNet are asked for.
struct EfficientNetVariant {
  int variant = 0;  ///< 0 to 4
  std::int64_t size = 0;
  std::int64_t classes = 0;
};

/// Throws Error{usage} for another variant, less than one pixel and less than one class; `family` is "efficientnet_b".
void check_variant(const std::string& family, const EfficientNetVariant& asked);

}  // namespace enxerto
