#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The attributes of a Resize of maps (batch, channels, height, width) to a height and a width: bilinear, corners not
/// aligned, as `torch.nn.functional.interpolate` has it.
inline Attributes bilinear_resize() {
  return {
      {"mode", "linear"}, {"axes", std::vector<std::int64_t>{2, 3}}, {"coordinate_transformation_mode", "half_pixel"}};
}

}  // namespace enxerto
