#pragma once
#include <filesystem>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// A folder that holds pictures, or clips, and nothing else (but landmarks.csv): they are of no class. Null for any
/// other path.
DatasetPtr open_unlabelled_folder(const std::filesystem::path& path, Progress& progress = no_progress());

}  // namespace enxerto
