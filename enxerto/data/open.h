#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Recognises and opens class folders, files of classes by their names, questions (`open_questions`), boxes (COCO,
/// YOLO, `open_box_table`), masks (`open_mask_folder`), IDX, CIFAR, tables (`open_csv`), plain texts, and folders with
/// one for each part. Notices name what was ignored. There may be one class only: `require_classes`. Throws Error{data}
/// for a path that is missing, empty or unreadable, Error{usage} for options of a table where the path is none.
DataParts open_data(const std::filesystem::path& given, const TableOptions& table = {},
                    Progress& progress = no_progress());

/// Whether `open_data` would look for data there: a table, a file of IDX images, or a folder.
bool is_data_path(const std::filesystem::path& path);

/// Unlabelled files for prediction: files as given, there or not (one that is not cannot be read, as a damaged one),
/// folders walked in byte order for files of the medium. Throws Error{data} where there are none.
DatasetPtr open_files(const std::vector<std::filesystem::path>& paths, Medium medium = Medium::image,
                      Progress& progress = no_progress());

}  // namespace enxerto
