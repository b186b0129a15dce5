#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/open.h"

namespace enxerto {

/// The four files of the MNIST family that a folder holds, by any of their usual names (train-images-idx3-ubyte,
/// train-images.idx3-ubyte, each also .gz); empty names where a file is missing.
struct IdxNames {
  std::string train_images, train_labels, test_images, test_labels;
  bool any() const { return !train_images.empty() || !test_images.empty(); }
};
IdxNames idx_names(const std::vector<std::string>& files);

/// Opens a folder that holds them (format: LeCun, http://yann.lecun.com/exdb/mnist). Throws Error{data}.
DataParts open_idx_folder(const std::string& folder, const IdxNames& names);

/// Opens a file of pictures, and the file of labels beside it, whose name has "labels" for "images" and "idx1" for
/// "idx3". nullopt where the name is no IDX name.
std::optional<DataParts> open_idx_file(const std::string& path);

}  // namespace enxerto
