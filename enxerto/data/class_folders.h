#pragma once
#include <string>

#include "enxerto/data/open.h"

namespace enxerto {

/// Opens root/<class>/**/*.jpg, or root/train/<class>/.. with val|valid|validation and test beside it. A folder "train"
/// is a part where it holds folders and either all folders beside it are parts or one of them is and holds folders
/// too; else it is a class of that name. Throws Error{data}.
DataParts open_class_folders(const std::string& root, Progress& progress);

}  // namespace enxerto
