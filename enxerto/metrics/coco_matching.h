#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/metrics/coco_evaluation.h"

namespace enxerto {

/// The overlap of a found box with a true one: intersection over union; of a crowd, over the found box.
double overlap(const BoxExtent& found, const BoxExtent& truth, bool crowd);

/// The threshold of overlap of this number, 0.5 to 0.95, as numpy's linspace has it.
double overlap_threshold(std::size_t number);

/// Whether each found box is one of the objects of an area, for all thresholds, a bit each.
struct AreaMatches {
  std::vector<std::uint16_t> matched, ignored;  ///< by found box
  std::size_t truths = 0;                       ///< that count
};

/// COCOeval.evaluateImg of one example and class: `found` best first, at most 100.
AreaMatches area_matches(std::span<const TrueBox> truths, std::span<const FoundBox> found, CocoEvaluation::Area area);

}  // namespace enxerto
