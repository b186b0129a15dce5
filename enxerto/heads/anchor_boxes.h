#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The anchors of RetinaNet (Lin et al. 2017, arXiv:1708.02002) as torchvision's AnchorGenerator makes them: of each
/// place of a map the sizes s, s 2^(1/3), s 2^(2/3), whole numbers, by the ratios of height to width 1/2, 1, 2.
struct AnchorSpec {
  std::int64_t height = 0, width = 0;                   ///< of the network's input, px
  std::vector<std::array<std::int64_t, 2>> grids = {};  ///< rows and columns of each map
  std::int64_t smallest = 32;                           ///< s on the first map, px; twice as much on each next

  bool operator==(const AnchorSpec&) const = default;
};

/// Anchors of one place of a map.
inline constexpr std::int64_t kAnchorsOfPlace = 9;

/// (boxes, 4) of float32: left, top, right, bottom, px; map by map, row by row, the boxes of a place together, by ratio
/// and then by size. They reach beyond the input. Throws Error{usage} without a map.
Tensor anchor_boxes(const AnchorSpec& spec);

}  // namespace enxerto
