#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The kind of target of examples with any number of objects in them, none too: (n, 7) of float64, a row each: left,
/// top, right and bottom, px from the top left of the upright picture; number of the class; area, px²; 1 for a crowd.
inline constexpr std::string_view kBoxTarget = "boxes";
inline constexpr std::int64_t kBoxColumns = 7;

/// One object of a picture.
struct LabelledBox {
  double left = 0, top = 0, right = 0, bottom = 0;
  std::int64_t label = 0;  ///< number of its class
  double area = 0;         ///< of the object where its outline is known, else of the box
  bool crowd = false;      ///< many objects that nobody has parted
};

Tensor box_target(std::span<const LabelledBox> boxes);

/// The opposite; rows of a batch that only fill it up (class -1) are left out. Throws Error{data} for another shape.
std::vector<LabelledBox> boxes_of(const Tensor& target);

// What the row of `target_kinds()` does; see `TargetKind`.
void labels_of_boxes(const Tensor& target, std::vector<std::uint32_t>& labels);
Tensor renumber_boxes(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t width);
void mark_classes_of_boxes(const Tensor& target, std::vector<bool>& used);

}  // namespace enxerto
