#pragma once
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

struct FillOptions {
  std::string file = {};     ///< where the weights were read from
  int size = 0;              ///< pixels a side; 0: as `spec` says
  StateDict constants = {};  ///< parameters that are in no file
  bool verified = false;     ///< by the digest that its publisher states: its numbers need no look
};

/// The network of `spec.architecture` with the weights that were read, as wide at its end as they are. Labels that are
/// not as many as the classes are left out. `sha256` is left empty. Throws as `fit_weights`, and as `require_sound`.
Backbone filled_backbone(PretrainedSpec spec, const WeightFile& weights, const FillOptions& options);

/// `network`, which has no head, with the weights that were read, named as `spec.naming` says. Throws Error{weights}
/// for others, and as `require_sound`.
Backbone filled_backbone(PretrainedSpec spec, const Blueprint& network, const WeightFile& weights,
                         const FillOptions& options);

}  // namespace enxerto
