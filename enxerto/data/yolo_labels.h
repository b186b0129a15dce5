#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/box_faults.h"
#include "enxerto/data/box_target.h"

namespace enxerto {

/// An object of such a file, in shares of the picture.
struct YoloObject {
  LabelledBox box;                   ///< the one around its outline, where that is given
  std::vector<double> outline = {};  ///< x and y of a point after the other; none: the file gives a box
};

/// The objects of a file's text: a line is a class and centre, width and height of a box, or the points of an outline.
/// Faults name `where` and the line. `classes`: how many there are; 0: any number. A line that is there twice counts
/// once.
std::vector<YoloObject> parse_yolo_labels(std::string_view text, const std::string& where, std::size_t classes,
                                          BoxFaults& faults);

}  // namespace enxerto
