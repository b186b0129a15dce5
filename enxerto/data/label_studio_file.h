#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/data/labelled_shapes.h"

namespace enxerto {

/// A task of Label Studio's that somebody has finished.
struct LabelStudioTask {
  std::string where;         ///< "export.json: task 7": its id
  std::string picture = {};  ///< as it is written: an address, a path
  OutlineFrame frame = {};   ///< 0: nothing was drawn in it
  std::vector<LabelledShape> shapes = {};
};

struct LabelStudioFile {
  std::vector<LabelStudioTask> tasks = {};
  std::size_t unfinished = 0;  ///< tasks without an annotation, or skipped
  std::size_t several = 0;     ///< tasks of several annotations: the one that was made last counts
};

/// Whether a .json file is one of its own, by its beginning: a list, and its names of shapes or of results.
bool is_label_studio_file(const std::string& path);

/// Reads its exports "JSON" and "JSON-MIN" (labelstud.io, "Label Studio JSON format"): rectangles, polygons and
/// ellipses in percent of the picture's sides. Shapes that are wrong or have no area, that are turned, or that are
/// painted with a brush, go to `faults`. Throws Error{data} naming the file.
LabelStudioFile read_label_studio_file(const std::string& path, DataFaults& faults);

}  // namespace enxerto
