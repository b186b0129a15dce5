#pragma once
#include <string>
#include <vector>

#include "enxerto/data/parts.h"

namespace enxerto {

/// True where `files`, the names in a folder, are those of the MNIST family (train-images-idx3-ubyte,
/// train-images.idx3-ubyte, each also .gz, and their t10k counterparts),
/// each perhaps in a folder of its own name.
bool is_idx_folder(const std::vector<std::string>& files);

/// Opens such a folder (format: LeCun, http://yann.lecun.com/exdb/mnist). Throws Error{data}.
DataParts open_idx_folder(const std::string& folder, const std::vector<std::string>& files);

/// True where a file's name is that of IDX images.
bool is_idx_file(const std::string& path);

/// Opens a file of images, and the file of labels next to it, whose name has "labels" for "images" and "idx1" for
/// "idx3". Throws Error{data}.
DataParts open_idx_file(const std::string& path);

}  // namespace enxerto
