#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The default boxes of SSD (Liu et al. 2016, arXiv:1512.02325) as torchvision's DefaultBoxGenerator makes them.
struct DefaultBoxSpec {
  std::int64_t height = 0, width = 0;                   ///< of the network's input, px
  std::vector<std::array<std::int64_t, 2>> grids = {};  ///< rows and columns of each map
  double smallest = 0.2, largest = 0.95;                ///< scales of the first and the last map, as shares of it
  std::vector<double> aspect_ratios = {2, 3};           ///< beside 1; each of them lying and standing

  /// Boxes of one place of a map.
  std::int64_t boxes_of_place() const { return 2 + 2 * static_cast<std::int64_t>(aspect_ratios.size()); }
  bool operator==(const DefaultBoxSpec&) const = default;
};

/// (boxes, 4) of float32: left, top, right, bottom, px; map by map, row by row, the boxes of a place together. Throws
/// Error{usage} without a map.
Tensor default_boxes(const DefaultBoxSpec& spec);

}  // namespace enxerto
