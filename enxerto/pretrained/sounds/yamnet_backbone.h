#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether these are named as in yamnet.h5: "layer1/conv/kernel", "layer2/depthwise_conv/bn/beta" ..
bool is_yamnet(const StateDict& tensors);

/// YAMNet as wide as its tensors are; its 521 classes are left out. Throws Error{weights} naming `file`.
Backbone yamnet_backbone(const std::filesystem::path& file, const WeightFile& weights);

}  // namespace enxerto
