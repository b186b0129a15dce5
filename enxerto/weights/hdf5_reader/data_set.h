#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/hdf5_reader/element_type.h"
#include "enxerto/weights/hdf5_reader/handle.h"

namespace enxerto {

/// A data set of numbers, as far as it is known before a byte of it is read.
struct DataSet {
  ElementType element = {};
  std::vector<std::uint64_t> shape = {};
  std::uint64_t bytes = 0;
  TensorPlace place = TensorPlace::file;
  std::uint64_t offset = 0;  ///< in the file, where the values are there
};

/// Describes an open data set; nothing where it holds no numbers. Declared sizes are held against what is stored and
/// against `file_bytes`; virtual data sets, external storage and unusual filters are refused. Throws Refusal.
std::optional<DataSet> describe_data_set(hid_t data_set, const std::string& path, std::uint64_t file_bytes);

/// Reads all of an open data set as little-endian numbers into `to`, which has `set.bytes` bytes. Throws
/// UnpackingFailed.
void read_data_set(hid_t data_set, const DataSet& set, void* to);

}  // namespace enxerto
