#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether these are named as in the files of PANNs: "bn0.weight", "conv_block1.conv1.weight", "fc1.weight" ..
bool is_panns(const StateDict& tensors);

/// CNN14 as wide as its tensors are, at 32, 16 or 8 kHz as its transform is long; its own classes are left out. Throws
/// Error{weights} naming `file`.
Backbone panns_backbone(const std::filesystem::path& file, const WeightFile& weights);

}  // namespace enxerto
