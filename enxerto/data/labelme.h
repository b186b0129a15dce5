#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a folder holds files as LabelMe writes them, one a picture, or has folders called like parts that do.
bool is_labelme_folder(const std::string& path);

/// Opens the shapes of such files (polygons, rectangles, circles) as a class for each pixel: that of the last shape
/// that covers it, "background" where none does. Classes are in the order of their names; nothing is learned from a
/// shape that is called `__ignore__` or as `is_ignored_name` says. Pictures lie where the files say, or beside them
/// under their name; those without a file are left out with a notice. Throws Error{data} naming the file and the shape:
/// one without an area (a point, a line), a polygon of fewer than three points or beyond its picture, a picture that is
/// nowhere or of another size than the file says.
DataParts open_labelme_masks(const std::string& path, const DataWatch& watch);

/// The same shapes as boxes around them.
DataParts open_labelme_boxes(const std::string& path, const DataWatch& watch);

/// Boxes where every shape is a rectangle, else masks.
DataParts open_labelme_folder(const std::string& path, const DataWatch& watch);

}  // namespace enxerto
