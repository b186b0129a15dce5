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
  std::vector<std::string> notes = {};  ///< what was left out of the file, and what was put in place of what it lacks
  std::vector<std::string> left_out = {};  ///< layers of a head of the file's own: "fc.0"
};

/// Fills `architecture` at `size` (0: its default) with tensors under any source's names. The classifier is as wide as
/// the file's, its bias 0 where the file has none; it is left out where the file has none, or has a head of its own
/// (foreign_head.h), which is left out too. Throws Error{weights} naming `where` for tensors that do not fit.
FittedWeights fit_weights(const Architecture& architecture, int size, const StateDict& weights, std::string_view where);

/// Whether they would fill it.
bool fits(const Architecture& architecture, const StateDict& weights);

/// Name of the architecture that these weights belong to; "" where they fit none.
std::string recognise_architecture(const StateDict& weights);

/// A sentence about weights that fit none: the nearest architecture and the first tensors that do not fit it, or the
/// names that no source uses.
std::string misfit(const StateDict& weights);

}  // namespace enxerto
