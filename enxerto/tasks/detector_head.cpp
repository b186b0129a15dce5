#include "enxerto/tasks/detector_head.h"

#include <algorithm>
#include <array>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/anchor_boxes.h"
#include "enxerto/heads/default_boxes.h"
#include "enxerto/heads/retina.h"
#include "enxerto/heads/ssdlite.h"

namespace enxerto {
namespace {

std::vector<std::size_t> counts_of(std::span<const std::array<std::int64_t, 2>> grids, std::int64_t of_place) {
  std::vector<std::size_t> counts;
  for (const auto& [rows, columns] : grids) counts.push_back(to_size(rows * columns * of_place));
  return counts;
}

DetectorBoxes boxes_of_ssdlite(const HeadFeatures& features) {
  const DefaultBoxSpec spec = ssdlite_boxes(features);
  return {.corners = default_boxes(spec),
          .boxes_of_map = counts_of(spec.grids, spec.boxes_of_place()),
          .height = spec.height,
          .width = spec.width};
}

DetectorBoxes boxes_of_retina(const HeadFeatures& features) {
  const AnchorSpec spec = retina_anchors(features);
  return {.corners = anchor_boxes(spec),
          .boxes_of_map = counts_of(spec.grids, kAnchorsOfPlace),
          .height = spec.height,
          .width = spec.width};
}

/// Of the towers' scores torchvision looks at the best 1,000 of each map, and tells of 300 objects.
const std::array kDetectorHeads{
    DetectorHead{.kind = "ssdlite", .loss = "ssd", .boxes = boxes_of_ssdlite, .targets = box_targets},
    DetectorHead{.kind = "retina",
                 .loss = "retina",
                 .boxes = boxes_of_retina,
                 .targets = anchor_targets,
                 .selection = {.overlap = 0.5F, .of_class = 0, .candidates_of_map = 1000, .all = 300},
                 .towers = kRetinaTowers},
};

}  // namespace

std::span<const DetectorHead> detector_heads() { return kDetectorHeads; }

const DetectorHead* find_detector_head(std::string_view kind) {
  const auto row = std::ranges::find(kDetectorHeads, kind, &DetectorHead::kind);
  return row == kDetectorHeads.end() ? nullptr : &*row;
}

}  // namespace enxerto
