#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// What a path holds: one set, or parts that the publisher has split ("train", "val", "test"), all with the same
/// classes.
struct DataParts {
  std::string format;                  ///< "class folders", "IDX", "CIFAR-10", "CIFAR-100"
  DatasetPtr all;                      ///< set where the publisher made no parts
  DatasetPtr train, validation, test;  ///< validation and test may be null
  bool has_parts() const { return train != nullptr; }
};

/// Recognises and opens class folders (train/, val/ or valid/ or validation/, test/ where present), IDX (plain or gz,
/// also a folder with the MNIST family's four files) and CIFAR-10/100 binary. Notices name what was passed over (hidden
/// entries, files that are no pictures, empty classes). Throws Error{data}: missing, empty or unreadable path, one
/// class only, a loop of symbolic links.
DataParts open_data(const std::filesystem::path& path, Progress& progress = silent());

/// Unlabelled files for prediction: files as given, folders walked in byte order.
DatasetPtr open_files(const std::vector<std::filesystem::path>& paths, Progress& progress = silent());

}  // namespace enxerto
