#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// dlib's ResNet for faces, as face-api has it in TensorFlow.js: 27 convolutions, 128 numbers.
struct FaceRecognitionConfig {
  std::int64_t size = 150;  ///< px; no less than 120, where the last stage is a single place
  std::int64_t width = 128;
};

/// Input "input" (batch, 3, size, size), output "descriptor" (batch, width), of no particular length. Parameters
/// "conv32_down.weight", ".bias", "conv32_1.conv1.weight" .. (the scale behind each convolution is part of it) and
/// "fc.weight". Stages: stem, layer1 .. layer4, vector.
Blueprint face_recognition(const FaceRecognitionConfig& config);

}  // namespace enxerto
