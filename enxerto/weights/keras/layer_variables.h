#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/weights/hdf5/hdf5_tree.h"
#include "enxerto/weights/keras/model_config.h"

namespace enxerto {

/// Whether the variables of layers of this class (in snake case, e.g. "conv2d") have names that are known.
bool has_known_variables(std::string_view kind);

/// What Keras calls `variables`, which a layer of class `kind` has stored under their numbers: {"kernel", "bias"}.
/// `config` is nullptr where it is not known. Nothing where it cannot be known: other classes, quantised kernels, a
/// number of variables that the class does not have, or that does not tell gamma from beta.
std::optional<std::vector<std::string>> variable_names(std::string_view kind, const KerasLayer* config,
                                                       std::span<const Hdf5Tensor* const> variables);

}  // namespace enxerto
