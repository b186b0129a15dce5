#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {

/// A network of the zoo, filled.
struct FittedWeights {
  Graph graph;
  std::string naming;                   ///< the name table that fitted
  int classes = 0;                      ///< of the file's classifier; 0 where it has none
  std::vector<std::string> notes = {};  ///< what was left out of the file
};

/// Fills `architecture` at `size` (0: its default) with tensors under any source's names. The classifier is as wide as
/// the file's, or left out where the file has none, or has a head of its own: more dense layers, which are left out
/// too. Throws Error{weights} naming `where`.
FittedWeights fit_weights(const Architecture& architecture, int size, const StateDict& weights, std::string_view where);

/// Name of the architecture that these weights belong to; "" where they fit none.
std::string recognise_architecture(const StateDict& weights);

}  // namespace enxerto
