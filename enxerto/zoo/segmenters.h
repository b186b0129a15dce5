#pragma once
#include <cstdint>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/map_headed.h"

namespace enxerto {

/// Whole networks that score the classes of each pixel, as torchvision builds them. Input "input" (batch, 3, size,
/// size); outputs and parameters of the stage "head" as `fcn_network`, `deeplab_network` and `lraspp_network` have
/// them, scores at the size of the map that they are made of; all others named as in torchvision's classifiers. Throw
/// Error{usage} for sizes below 1.
///
/// On ResNet-50 with holes in place of strides behind an eighth of the input.
Blueprint fcn_resnet50(const MapHeadedConfig& config);
Blueprint deeplabv3_resnet50(const MapHeadedConfig& config);

/// On MobileNetV3-Large with holes in place of the stride behind a sixteenth. The holes of DeepLab's head are 12, 24
/// and 36 wide here too.
Blueprint deeplabv3_mobilenet_v3_large(const MapHeadedConfig& config);
Blueprint lraspp_mobilenet_v3_large(const MapHeadedConfig& config);

/// How many classes the head of such a network has, by its parameters; 0: it has none.
std::int64_t classes_of_segmenter(const StateDict& weights);

}  // namespace enxerto
