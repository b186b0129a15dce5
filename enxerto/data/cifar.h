#pragma once
#include <string>
#include <vector>

#include "enxerto/data/parts.h"

namespace enxerto {

/// True where `files`, the names in a folder, are those of CIFAR-10 or CIFAR-100 (also in the Python version, which is
/// refused by name).
bool is_cifar_folder(const std::vector<std::string>& files);

/// Whether it is the Python version.
bool is_cifar_pickles(const std::vector<std::string>& files);

/// Opens the binary version of CIFAR-10 (data_batch_1.bin .. test_batch.bin, batches.meta.txt) or CIFAR-100 (train.bin,
/// test.bin, fine_label_names.txt; Krizhevsky 2009, www.cs.toronto.edu/~kriz/cifar.html). Throws Error{data}, also for
/// the Python version.
DataParts open_cifar(const std::string& folder, const std::vector<std::string>& files);

}  // namespace enxerto
