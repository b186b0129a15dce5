#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Recognises and opens class folders (train/, val/ or valid/ or validation/, test/ where present), IDX (plain or gz,
/// also a folder with the MNIST family's four files), CIFAR-10/100 binary, and tables (.csv, .tsv: `open_csv`). Class
/// folders hold one medium, by the extensions of their files. Notices name what was ignored (hidden entries, other
/// files, empty classes). Throws Error{data}: missing, empty or unreadable path, one class only, a loop of symbolic
/// links. Throws Error{usage} where options for a table are given and the path is none.
DataParts open_data(const std::filesystem::path& path, const TableOptions& table = {},
                    Progress& progress = no_progress());

/// Unlabelled files for prediction: files as given, folders walked in byte order for files of the medium.
DatasetPtr open_files(const std::vector<std::filesystem::path>& paths, Medium medium = Medium::image,
                      Progress& progress = no_progress());

}  // namespace enxerto
