#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/pretrained/keras/keras_layers.h"

namespace enxerto {

/// A layer as a file of Keras has it: the tensors whose names are the same up to the last '/'.
struct KerasStored {
  std::string path;                                ///< "conv1_conv", "resnet50/conv1_conv"
  std::optional<KerasKind> kind;                   ///< by its variables; nullopt for another kind of layer
  std::vector<const StateDict::Entry*> variables;  ///< of the state dict, which must live as long

  /// Its kernel; nullptr for a normalisation or an unknown kind.
  const Tensor* kernel() const;
};

/// In the order of the file.
std::vector<KerasStored> keras_stored_layers(const StateDict& weights);

/// What stands behind the last '/': "kernel".
std::string_view keras_variable(std::string_view name);

/// PyTorch's word for a variable: "kernel" -> "weight", "moving_mean" -> "running_mean"; "" for an unknown one.
std::string_view torch_variable(std::string_view variable);

}  // namespace enxerto
