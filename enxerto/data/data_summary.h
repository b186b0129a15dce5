#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/bad_example.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// One part of a data set: its examples, and how many have each class or label.
struct PartSummary {
  std::string name;  ///< "train", "validation", "test"; "all" where the data are not split
  std::size_t examples = 0;
  std::vector<std::size_t> of_name;  ///< by `TargetSpec::names`; empty for numbers
};

/// The numbers of one column.
struct ColumnRange {
  double least = 0, mean = 0, greatest = 0;
};

/// The objects of one class.
struct ObjectSizes {
  std::size_t objects = 0;
  double least = 0, median = 0, greatest = 0;  ///< square roots of the areas of their boxes, px
};

/// Examples with the same content.
struct SameContent {
  std::vector<std::string> ids;      ///< in the order of the data
  std::vector<std::string> targets;  ///< what they are answered with, each once; one where they agree
  bool across_parts = false;         ///< they are in several parts
};

/// What a data set holds.
struct DataSummary {
  std::string format;
  DatasetInfo info;
  std::vector<PartSummary> parts;
  std::vector<ColumnRange> ranges;             ///< by name, for numbers
  std::vector<ObjectSizes> objects = {};       ///< by name, for boxes
  std::size_t without_objects = 0;             ///< examples
  std::vector<double> shares = {};             ///< by name, of the pixels that have a class, for masks
  double ignored = 0;                          ///< share of all pixels, for masks
  std::map<std::string, std::size_t> formats;  ///< "JPEG": how many fields
  /// The smallest, the median and the largest by area (or length), as `FieldFacts::size`; empty where nothing is read.
  std::array<std::vector<std::int64_t>, 3> sizes;
  std::string size_unit = {};       ///< "px", "characters", "ms"
  std::vector<BadExample> bad;      ///< that cannot be read
  std::vector<BadExample> remarks;  ///< that can be, and look wrong
  std::vector<SameContent> same;    ///< in the order of their first example

  std::size_t examples() const;
};

/// Reads and decodes every example of `parts` on `threads` threads (0: all cores). Throws Error{interrupted}.
DataSummary summarise(const DataParts& parts, int threads = 0, Progress& progress = no_progress());

}  // namespace enxerto
