#pragma once
#include <filesystem>
#include <string>
#include <utility>

#include "enxerto/data/dataset.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// The part of data at `path` that `wanted` names (train | validation | test | all; "": the test part, or what there is
/// in place of one), and its name. Throws Error{usage} for one that the data do not have.
std::pair<DatasetPtr, std::string> chosen_part(const DataParts& parts, const std::string& wanted,
                                               const std::filesystem::path& path);

}  // namespace enxerto
