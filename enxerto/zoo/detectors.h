#pragma once
#include <cstdint>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/map_headed.h"

namespace enxerto {

/// Whole networks that find objects, as torchvision builds them. Input "input" (batch, 3, size, size), outputs and
/// parameters of the stage "head" as `ssdlite_network` and `retina_network` have them, all others named as in
/// torchvision. Throw Error{usage} for sizes below 1.
///
/// SSDlite on MobileNetV3-Large with a reduced tail (Howard et al. 2019, arXiv:1905.02244, section 6.3): stages of the
/// network, with "expansion" before the last blocks.
Blueprint ssdlite_mobilenet_v3_large(const MapHeadedConfig& config);

/// RetinaNet on ResNet-50 with a pyramid and towers of 256 (Lin et al. 2017, arXiv:1708.02002).
Blueprint retinanet_resnet50(const MapHeadedConfig& config);

/// How many classes the head of such a network has, by its parameters; 0: it has none.
std::int64_t classes_of_ssdlite(const StateDict& weights);
std::int64_t classes_of_retinanet(const StateDict& weights);

}  // namespace enxerto
