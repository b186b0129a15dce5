#pragma once
#include <optional>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// The dense layer that a network ends in.
struct Classifier {
  std::string weight, bias;  ///< parameters: (classes, features) and (classes)
};

/// nullopt where the network's last operation is none.
std::optional<Classifier> classifier_of(const Blueprint& blueprint);

/// The network without that layer: its output is what the layer took, the pooled features (batch, features).
Blueprint without_classifier(const Blueprint& blueprint);

/// The network without the dense layers, and normalisations before them, at the end of its head of which `weights` has
/// not the weight, nor what is between them: a file that was saved without its top. The same network where it has that
/// of the last one.
Blueprint without_missing_head(const Blueprint& blueprint, const StateDict& weights);

}  // namespace enxerto
