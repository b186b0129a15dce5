#pragma once
#include <string_view>

#include "enxerto/weights/hdf5/hdf5_tree.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// The list of texts of an attribute that Keras splits into `<name>0`, `<name>1`, .. where it exceeds 64 KB; nullopt
/// where it is not there.
std::optional<std::vector<std::string>> joined_attribute(const Hdf5Group& group, std::string_view name);

/// Whether this is a file of Keras's legacy format: a weights-only `.h5`, or a whole model with the group
/// `model_weights`.
bool is_legacy_file(const Hdf5Group& root);

/// Its tensors, by the names of keras_file.h. Throws Error{weights} where what `layer_names` and `weight_names` list is
/// not there.
WeightFile read_legacy_file(const Hdf5Group& root, std::string_view where);

}  // namespace enxerto
