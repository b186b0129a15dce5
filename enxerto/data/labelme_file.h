#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/data/outline_runs.h"

namespace enxerto {

/// One shape of a file of LabelMe's.
struct LabelmeShape {
  std::string label;
  std::string where;           ///< "a.json: shape 3"
  std::vector<double> points;  ///< of a polygon: x and y of a point after the other, px
  bool rectangle = false;
};

/// What such a file says of its picture.
struct LabelmeFile {
  std::string picture;  ///< path, relative to the file
  OutlineFrame frame = {};
  std::vector<LabelmeShape> shapes = {};
};

/// By the names of its members near its beginning and its end.
bool is_labelme_file(const std::string& path);

/// Rectangles and circles become polygons. Throws Error{data} naming `path`; shapes that are wrong are left out where
/// `faults` keeps them.
LabelmeFile read_labelme_file(const std::string& path, DataFaults& faults);

}  // namespace enxerto
