#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/data/outline_runs.h"

namespace enxerto {

/// What such a file says of its picture.
struct LabelmeFile {
  std::string picture;  ///< path, relative to the file
  OutlineFrame frame = {};
  std::vector<LabelledShape> shapes = {};
};

/// By the names of its members near its beginning and its end.
bool is_labelme_file(const std::string& path);

/// Rectangles and circles become polygons. Throws Error{data} naming `path`; shapes that are wrong are left out where
/// `faults` keeps them.
LabelmeFile read_labelme_file(const std::string& path, DataFaults& faults);

}  // namespace enxerto
