#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/weights/hdf5_reader/data_set.h"

namespace enxerto {

/// A data set whose values go into the answer.
struct PackedDataSet {
  Handle handle;
  DataSet set;
};

/// What a file holds.
struct FileIndex {
  std::string text;                   ///< a `group` of answer_format.h
  std::vector<PackedDataSet> packed;  ///< in the order of their offsets in the answer's data
  std::uint64_t data_bytes = 0;       ///< of that data
};

/// What the file may take.
struct IndexLimits {
  std::uint64_t file_bytes = 0;
  std::uint64_t data_bytes = 0;  ///< of the answer's data
};

/// Describes all groups and data sets of an open file, below its root. Soft and external links are refused, and groups
/// that are reached twice. Optimizer state (`optimizer_weights`, `optimizer`) is named but not entered. Throws Refusal.
FileIndex index_file(hid_t file, const IndexLimits& limits);

}  // namespace enxerto
