#pragma once
#include <string>

#include "enxerto/data/coco_parts.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Opens objects in pictures as COCO writes them (cocodataset.org/#format-data): "images", "annotations" with "bbox"
/// (left, top, width, height, px), "categories". Ids may have gaps; pictures without boxes are examples; a crowd counts
/// neither way. Classes are in the order of their ids. Pictures lie below `images`, or where the file and its folders
/// suggest. Throws Error{data} naming the file, the annotation and what is wrong with it: a box without width or height
/// or outside of its picture, an unknown category or image, an id twice, a number that is not finite, pictures that are
/// nowhere (naming where was looked).
DataParts open_coco_file(const std::string& path, const std::string& images, const DataWatch& watch);

/// The same of a folder; a file is of the part that its name or its folder says.
DataParts open_coco_folder(const std::string& path, const std::string& images, const DataWatch& watch);

}  // namespace enxerto
