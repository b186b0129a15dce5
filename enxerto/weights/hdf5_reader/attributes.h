#pragma once
#include <hdf5.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace enxerto {

/// Texts of an object, by name.
using TextAttributes = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// The attributes of `object` that Keras files are read by (`layer_names`, `weight_names` and their numbered parts,
/// `name`, `dtype`, `keras_version`, `backend`, `model_config`): one text or a list, of fixed or variable length.
/// `path` is what errors name. Throws Refusal.
TextAttributes read_attributes(hid_t object, const std::string& path);

}  // namespace enxerto
