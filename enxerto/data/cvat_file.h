#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/data_faults.h"
#include "enxerto/data/labelled_shapes.h"

namespace enxerto {

/// A picture as CVAT's own file names it.
struct CvatImage {
  std::string name;    ///< its path
  std::string subset;  ///< "Train"; "" where there are none
  OutlineFrame frame = {};
  std::string where;                       ///< "annotations.xml: image 'a.jpg'"
  std::vector<LabelledShape> shapes = {};  ///< the foremost last
};

struct CvatFile {
  std::vector<CvatImage> images = {};
  std::size_t tags = 0;  ///< names of whole pictures, which are not looked at
};

/// Whether a text begins as such a file does.
bool looks_like_cvat(std::string_view text);

/// Reads "CVAT for images 1.1" (docs.cvat.ai, "XML annotation format"): boxes, polygons, ellipses and masks. Shapes
/// that are wrong or have no area (lines, points, cuboids, skeletons), and boxes that are turned, go to `faults`.
/// Throws Error{data} naming file and line for what is no XML, and for "CVAT for video", which has no pictures.
CvatFile parse_cvat_file(std::string_view text, const std::string& path, DataFaults& faults);

/// Runs of a mask of CVAT's (outside, inside, .. along the rows of its box) as those of a whole picture. Throws
/// Error{data} naming `where` where they do not fill the box, or it is not in the picture.
struct CvatMask {
  std::vector<std::uint32_t> counts;
  int left = 0, top = 0, width = 0, height = 0;
};
OutlineRuns runs_of_cvat(const CvatMask& mask, const OutlineFrame& frame, const std::string& where);

}  // namespace enxerto
