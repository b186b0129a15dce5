#pragma once
#include <optional>
#include <string>

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

}  // namespace enxerto
