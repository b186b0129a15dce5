#pragma once
#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// True for names as torchvision gives them to ResNet, VGG, MobileNet, EfficientNet, DenseNet, ConvNeXt, RegNet or
/// InceptionV3.
bool recognises_torchvision(const StateDict& weights);

/// The zoo's names are torchvision's. Left out are the auxiliary classifier of InceptionV3 ("AuxLogits."), which only
/// training from scratch uses; files of DenseNet from before PyTorch 0.4, the published one among them, say "norm.1"
/// where "norm1" is meant, and so on.
StateDict translate_torchvision(const StateDict& weights, const Blueprint& blueprint);

}  // namespace enxerto
