#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/heads/box_matching.h"
#include "enxerto/heads/head.h"
#include "enxerto/tasks/box_selection.h"

namespace enxerto {

/// The default boxes of a head in an input of this size, px.
struct DetectorBoxes {
  Tensor corners = {};                         ///< (boxes, 4)
  std::vector<std::size_t> boxes_of_map = {};  ///< how many of them are of each map
  std::int64_t height = 0, width = 0;
};

/// A head that finds objects: a row of `head_kinds()`, and what the task needs to know of it. A new one is a row here,
/// with its loss (heads/loss_boxes.cpp).
struct DetectorHead {
  std::string_view kind;
  std::string_view loss;
  DetectorBoxes (*boxes)(const HeadFeatures& features);
  /// What the loss takes of each default box, (boxes, 5), of true boxes and the numbers of their classes.
  Tensor (*targets)(const Tensor& boxes, std::span<const Corners> truths, std::span<const std::int64_t> labels);
  BoxSelection selection = {};  ///< of predictions, without what depends on the size of the input
  /// `HeadSpec::hidden` where none is asked for; empty: it takes neither that nor `batch_norm`.
  std::span<const std::int64_t> towers = {};
};
std::span<const DetectorHead> detector_heads();

/// The row of that kind; nullptr where it finds no objects.
const DetectorHead* find_detector_head(std::string_view kind);

}  // namespace enxerto
