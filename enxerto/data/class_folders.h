#pragma once
#include <string>

#include "enxerto/data/open.h"

namespace enxerto {

/// Opens root/<class>/**/*.jpg, or the same in parts above or below the classes, as `class_layout` finds them. Notices
/// say what was taken as parts, what might be some, and which names look the same. Throws Error{data}.
DataParts open_class_folders(const std::string& root, const TableOptions& options, Progress& progress);

}  // namespace enxerto
