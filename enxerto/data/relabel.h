#pragma once
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// A data set seen with other names of its targets (classes, labels, columns): they are matched by name (`find_name`).
struct Relabelled {
  DatasetPtr dataset;  ///< its names are the wanted ones; examples without a target among them are left out
  std::vector<std::string> unknown;  ///< its own names that are not wanted
  std::vector<std::string> missing;  ///< wanted names that no example has
  std::size_t left_out = 0;          ///< examples of unknown classes; 0 for labels and numbers, which stay
};

/// What becomes of examples of classes that are not wanted.
enum class OtherClasses { left_out, numbered_behind };

/// Classes that are not wanted may keep their examples: their number is that of names then, for all of them. Throws
/// Error{data} where a wanted column of numbers is missing: no number can stand for it.
Relabelled relabel(DatasetPtr dataset, const std::vector<std::string>& names,
                   OtherClasses others = OtherClasses::left_out);

}  // namespace enxerto
