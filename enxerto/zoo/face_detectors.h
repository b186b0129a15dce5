#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// face-api's detectors. Input "input" (batch, 3, size, size); outputs "boxes" (batch, boxes, 4), left, top, right and
/// bottom in parts of the input's side, and "scores" (batch, boxes), between 0 and 1.
struct FaceDetectorConfig {
  std::int64_t size = 0;  ///< px, a multiple of 32; 0: 416 and 512
};

/// TinyFaceDetector: six convolutions and five boxes of fixed sizes in each cell of 32 px, as YOLOv2. Parameters
/// "conv0.weight", ".bias", "conv1.depthwise.weight", "conv1.pointwise.weight", ".bias" .. "conv8.weight", ".bias".
Blueprint tiny_face_detector(const FaceDetectorConfig& config);

/// SSD on MobileNetV1, of 512 px: boxes relative to "priors" (1, boxes, 4) of top, left, bottom and right, which are
/// constants of its file. Parameters "conv0.weight", ".bias", "conv1.depthwise.weight", "conv1.depthwise.norm.*",
/// "conv1.pointwise.weight", ".bias" .., "extra0.weight", ".bias" .., "boxes0.*", "classes0.*" ..
Blueprint ssd_face_detector(const FaceDetectorConfig& config);

}  // namespace enxerto
