#pragma once
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// What the audit of a finished run needs to know of it.
struct AuditedRun {
  const Graph& backbone;  ///< as it was read
  const std::vector<Phase>& phases;
  const std::vector<std::string>& stages;  ///< of the whole network, the head last
  bool random_weights = false;
  std::string path;  ///< of the model, for errors
};

/// What stayed frozen in every phase is, in the saved network, what the weight file had. Throws as `require_frozen` and
/// `require_halves`.
void audit_saved(const Graph& saved, const TensorMap& golden, const AuditedRun& run);

}  // namespace enxerto
