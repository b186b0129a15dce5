#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/builder.h"

namespace enxerto {

/// MobileNetV3 (Howard et al. 2019, arXiv:1905.02244) as torchvision builds it.
struct MobileNetV3Config {
  bool small = false;       ///< MobileNetV3-Small instead of -Large
  std::int64_t size = 224;  ///< pixels a side
  std::int64_t classes = 1000;
  bool dilated = false;       ///< holes in place of the last stride, as segmenters have it (section 6.4)
  bool reduced_tail = false;  ///< half as many channels behind stride 16, as detectors have it (section 6.3)
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, blocks0 .. blocks5 (small: blocks4; blocks of one width together), features, head (from the pooling
/// on, two dense layers). Throws Error{usage} for sizes below 1.
Blueprint mobilenet_v3(const MobileNetV3Config& config);

/// The same up to the head behind `x`, in a network that is being written: the last map of stride 16, which is that in
/// the block behind which it is 32, expanded (the end of a stage "expansion" then), and the features.
std::array<std::string, 2> add_mobilenet_v3_body(GraphBuilder& net, std::string x, const MobileNetV3Config& config);

/// The same with the first map of stride 8, which that block outputs, in place of that of stride 16.
std::array<std::string, 2> add_dilated_mobilenet_v3_body(GraphBuilder& net, std::string x,
                                                         const MobileNetV3Config& config);

}  // namespace enxerto
