#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/box_faults.h"
#include "enxerto/data/box_target.h"

namespace enxerto {

/// The boxes of a file's text as shares of the picture; faults name `where` and the line. `classes`: how many there
/// are; 0: any number.
std::vector<LabelledBox> parse_yolo_labels(std::string_view text, const std::string& where, std::size_t classes,
                                           BoxFaults& faults);

}  // namespace enxerto
