#pragma once
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/open.h"

namespace enxerto {

/// Opens the binary version of CIFAR-10 (data_batch_1.bin .. test_batch.bin, batches.meta.txt) or CIFAR-100 (train.bin,
/// test.bin, fine_label_names.txt; Krizhevsky 2009, www.cs.toronto.edu/~kriz/cifar.html). `files` are the names in
/// the folder; nullopt where they are not CIFAR's. Throws Error{data}, also for the Python version.
std::optional<DataParts> open_cifar(const std::string& folder, const std::vector<std::string>& files);

}  // namespace enxerto
