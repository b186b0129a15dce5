#pragma once
#include <string>

#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a .json file is one of COCO's, by the names of its lists near its beginning and its end.
bool is_coco_file(const std::string& path);

/// Whether a folder holds such files: annotations/*.json, or _annotations.coco.json beside the pictures of each part.
bool is_coco_folder(const std::string& path);

/// The annotation files of a folder, by the parts that their names or their folders say; "": none of that part. The
/// first alone where there is only one file. Throws Error{data} for two files of a part, and where none is of the
/// training part.
struct CocoParts {
  std::string whole, train, validation, test;
};
CocoParts coco_parts(const std::string& folder);

}  // namespace enxerto
