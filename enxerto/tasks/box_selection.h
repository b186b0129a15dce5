#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Which of the default boxes are told of: ONNX's NonMaxSuppression, and torchvision's batched_nms and what stands
/// before and behind it in its detectors. 0: any number.
struct BoxSelection {
  float score = 0.05F;    ///< only those above
  float overlap = 0.55F;  ///< a box whose intersection over union with a better one of its class is above is left out
  std::size_t of_class = 100;                  ///< at most so many of each class
  std::size_t candidates_of_class = 0;         ///< the best of each class are looked at, so many
  std::size_t candidates_of_map = 0;           ///< the best of each map, whatever their class, are looked at, so many
  std::vector<std::size_t> boxes_of_map = {};  ///< default boxes of each map; empty: they are all of one
  std::size_t all = 0;                         ///< at most so many of an example
};

/// A box that is told of.
struct SelectedBox {
  std::array<float, 4> corners{};  ///< left, top, right, bottom in the input, px
  std::size_t label = 0;
  float score = 0;
  std::size_t number = 0;  ///< of the default box
};

/// Of one example's answer, (boxes, 4 + classes): by class, each class best first, of equal ones the lower number.
/// Answers that are not numbers are left out. Throws Error{data} where `answer` is not of whole rows.
std::vector<SelectedBox> selected_boxes(std::span<const float> answer, std::size_t classes,
                                        const BoxSelection& selection);

}  // namespace enxerto
