#pragma once
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// Names of the tensors that are dense layers of a head of the file's own, in place of the network's: "dense_1/kernel"
/// and "dense_1/bias", "fc.0.weight" and "fc.0.bias". Empty unless `report`, of the network without its classifier,
/// complains of them alone.
std::vector<std::string> foreign_head(const LoadReport& report, const StateDict& weights);

}  // namespace enxerto
