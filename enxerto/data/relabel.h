#pragma once
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// A data set seen with other classes, labels or values: they are matched by name.
struct Relabelled {
  DatasetPtr dataset;                ///< its classes are the wanted ones; examples of unknown classes are left out
  std::vector<std::string> unknown;  ///< its own classes that are not wanted
  std::vector<std::string> missing;  ///< wanted classes without an example in it
  std::size_t left_out = 0;          ///< examples of unknown classes; 0 for labels and values, which stay
};

/// Throws Error{data} where a wanted column of values is not there: no number can stand for it.
Relabelled relabel(DatasetPtr dataset, const std::vector<std::string>& classes);

}  // namespace enxerto
