#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a .yaml or .yml file names classes, as those of YOLO do.
bool is_yolo_config(const std::string& path);

/// Whether a folder holds such a file, or images/ and labels/, or parts that do.
bool is_yolo_folder(const std::string& path);

/// Opens pictures with a text file of boxes each (docs.ultralytics.com/datasets/detect): a line is the number of the
/// class, then the centre, width and height as shares of the picture's. The file has the picture's name with .txt, in
/// labels/ where the picture is in images/, else beside it; a picture without a file, or with an empty one, has no
/// boxes. Throws Error{data} naming file, line and box: a line of another form, an unknown class, numbers outside of
/// the picture (pixels in place of shares, by their size), no width or
/// height. A line that is there twice counts once.
DataParts open_yolo_config(const std::string& path, const DataWatch& watch);

/// The same files as a class for each pixel, by the outlines in them (docs.ultralytics.com/datasets/segment): a line is
/// the number of the class and the points of a polygon, x and y as shares of the picture's sides. As boxes these are
/// the ones around them. Nothing is learned from pixels of several objects of different classes. Throws Error{data} as
/// above, and where there is not a single outline.
DataParts open_yolo_mask_config(const std::string& path, const DataWatch& watch);
DataParts open_yolo_mask_folder(const std::string& path, const DataWatch& watch);

/// The same of a folder: by its .yaml file, or by its folders. Without one the classes are named by classes.txt, else
/// by their numbers.
DataParts open_yolo_folder(const std::string& path, const DataWatch& watch);

}  // namespace enxerto
