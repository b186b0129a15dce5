#pragma once
#include <string>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// What a path holds: one set, or parts that the publisher has split ("train", "val", "test"), all with the same
/// `info()`.
struct DataParts {
  std::string format = {};  ///< "class folders", "IDX", "CIFAR-10", "CIFAR-100", "table of values", ..
  DatasetPtr all = {};      ///< set where the publisher made no parts
  DatasetPtr train = {}, validation = {}, test = {};  ///< validation and test may be null
  bool has_parts() const { return train != nullptr; }
};

}  // namespace enxerto
