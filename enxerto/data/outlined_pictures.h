#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/outline_runs.h"

namespace enxerto {

/// An object of a picture by its outline.
struct OutlinedObject {
  std::size_t label = 0;                           ///< place among the names
  std::vector<std::vector<double>> polygons = {};  ///< x and y of a point after the other, px; together the object
  OutlineRuns runs = {};                           ///< where there are no polygons
};

/// A picture and the objects in it.
struct OutlinedPicture {
  std::string picture;  ///< its path below the data set's root (or from / on)
  std::string where;    ///< what messages call its outlines: "boxes.json (a.jpg)"
  OutlineFrame frame;   ///< the size that is stated
  std::vector<OutlinedObject> objects = {};
};

/// What becomes of a pixel of several objects of different classes.
enum class Overlap : std::uint8_t {
  ignored,  ///< nothing is learned from it (as torchvision's references have it for COCO)
  last,     ///< it is of the object that comes last (as LabelMe draws them)
};

/// The parts of such pictures as Datasets of the target kind `masks` (masked_pictures.h). What no object covers is
/// "background", the first class, unless one of `names` is called so. Throws as `masked_datasets`.
std::vector<DatasetPtr> outlined_datasets(const std::string& root, std::vector<std::vector<OutlinedPicture>> parts,
                                          const std::vector<std::string>& names, Overlap overlap,
                                          const DataWatch& watch);

/// The size of a picture, as it is looked at, by its path below `root`; 0: it cannot be read.
OutlineFrame frame_of_picture(const std::string& root, const std::string& path);

/// "" where the polygon has at least three points, finite and in the picture but for what rounding leaves; else what is
/// wrong.
std::string polygon_fault(const std::vector<double>& points, const OutlineFrame& frame);

}  // namespace enxerto
