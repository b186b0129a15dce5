#pragma once
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/open.h"

namespace enxerto {

/// The examples of all `parts`, one after the other. The parts have the same classes; null parts are ignored.
DatasetPtr concatenate(std::vector<DatasetPtr> parts);

/// All examples of a path, whether its publisher made parts or not.
DatasetPtr everything(const DataParts& parts);

}  // namespace enxerto
