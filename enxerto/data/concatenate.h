#pragma once
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// The examples of all `parts`, one after the other. The parts have the same classes; null parts are passed over.
DatasetPtr concatenate(std::vector<DatasetPtr> parts);

}  // namespace enxerto
