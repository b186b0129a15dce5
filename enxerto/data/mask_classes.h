#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/mask_names.h"

namespace enxerto {

/// How often a value is in the masks of a data set.
struct MaskValue {
  std::uint64_t pixels = 0;
  std::string first = {};  ///< a mask that has it
};
using MaskValues = std::map<std::uint16_t, MaskValue>;

/// What the values of masks stand for.
struct MaskClasses {
  std::vector<std::string> names;      ///< of the classes, in the order of their lowest values
  std::vector<std::uint8_t> class_of;  ///< by value, 65,536 of them; `kIgnoredPixel` for what is ignored
  bool ignores_others = false;         ///< of the values, all that have no name are ignored
};

/// The classes of masks that hold `values`. Ignored are the values whose name says so (`is_ignored_name`), and 255
/// where it has no name. Without any name the values are the names; two names without values stand for 0 and 255 where
/// there are no others. A notice says what is ignored, and how much of all it is. Throws Error{data} naming `where`:
/// values without a name, with their pixels and a mask that has each; only 0 and 255 without names; fewer than two
/// classes that occur, more than `kMostMaskClasses`. Where faults are kept, what has no name is ignored.
MaskClasses mask_classes(const MaskNames& names, const MaskValues& values, const std::string& where,
                         const DataWatch& watch);

}  // namespace enxerto
