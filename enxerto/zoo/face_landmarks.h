#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// face-api's networks for 68 points of a face (those of iBUG 300-W): blocks of separable convolutions that are added
/// to each other.
struct FaceLandmarksConfig {
  bool tiny = false;        ///< three blocks of three convolutions in place of four of four
  std::int64_t size = 112;  ///< px
};

/// Input "input" (batch, 3, size, size), output "points" (batch, 136): x and y of each point, parts of the input's
/// side. Parameters "dense0.conv0.weight", ".bias", "dense0.conv1.depthwise.weight", "dense0.conv1.pointwise.weight",
/// ".bias" .. and "fc.weight", "fc.bias". Stages: dense0 .. dense3, head.
Blueprint face_landmarks(const FaceLandmarksConfig& config);

}  // namespace enxerto
