#pragma once
#include <string_view>

#include "enxerto/weights/hdf5/hdf5_tree.h"
#include "enxerto/weights/keras/model_config.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether this is a file of Keras 3's format: groups of variables under `vars`.
bool is_keras3_file(const Hdf5Group& root);

/// Its tensors, by the names of keras_file.h; `model` is nullptr where its configuration is not known. Throws
/// Error{weights} where two have the same name.
WeightFile read_keras3_file(const Hdf5Group& root, const KerasLayer* model, std::string_view where);

}  // namespace enxerto
