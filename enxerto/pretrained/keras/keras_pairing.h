#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "enxerto/pretrained/keras/keras_stored.h"

namespace enxerto {

/// Which layer of the file each layer of the network gets, by its position; nullopt for none.
using KerasPairing = std::vector<std::optional<std::size_t>>;

/// Pairs a network's layers with those of a file. By name where the names are those of keras.applications, whatever
/// stands before them ("resnet50/conv1_conv"); a dense layer under another name is the classifier where it is the only
/// one and fits. Otherwise as Keras itself does, without names: by their order in each class of layers, be it the order
/// in which they were made and numbered ("conv2d_17") or that of `model.layers`, whichever fits. Layers that get none
/// are missing in the file; nothing at all is paired for a network that Keras does not have.
KerasPairing pair_with_keras(const Blueprint& blueprint, const std::vector<WeightedKerasLayer>& ours,
                             const std::vector<KerasStored>& stored);

}  // namespace enxerto
