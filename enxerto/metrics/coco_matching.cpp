#include "enxerto/metrics/coco_matching.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace enxerto {
namespace {

constexpr double kAlmostOne = 1 - 1e-10;

struct AreaRange {
  double low, high;
};
constexpr std::array<AreaRange, CocoEvaluation::kAreas> kAreaRanges{
    {{0, 1e10}, {0, 32.0 * 32.0}, {32.0 * 32.0, 96.0 * 96.0}, {96.0 * 96.0, 1e10}}};

/// The true boxes of one example and class, those that do not count last, with their overlaps.
class AreaMatcher {
 public:
  AreaMatcher(std::span<const TrueBox> truths, std::span<const FoundBox> found, AreaRange range)
      : found_(found), range_(range) {
    for (const TrueBox& truth : truths)
      if (counts(truth)) truths_.push_back(&truth);
    counted_ = truths_.size();
    for (const TrueBox& truth : truths)
      if (!counts(truth)) truths_.push_back(&truth);
    overlaps_.reserve(found.size() * truths_.size());
    for (const FoundBox& box : found)
      for (const TrueBox* truth : truths_) overlaps_.push_back(overlap(box.extent, truth->extent, truth->crowd));
  }

  AreaMatches match() const {
    AreaMatches matches{.matched = std::vector<std::uint16_t>(found_.size()),
                        .ignored = std::vector<std::uint16_t>(found_.size()),
                        .truths = counted_};
    for (std::size_t t = 0; t < CocoEvaluation::kThresholds; ++t) match_at(t, matches);
    return matches;
  }

 private:
  bool counts(const TrueBox& truth) const {
    return !truth.crowd && truth.area >= range_.low && truth.area <= range_.high;
  }

  void match_at(std::size_t threshold, AreaMatches& matches) const {
    const auto bit = static_cast<std::uint16_t>(1U << threshold);
    std::vector<bool> taken(truths_.size());
    for (std::size_t d = 0; d < found_.size(); ++d) {
      const std::size_t best = best_truth(d, overlap_threshold(threshold), taken);
      if (best == truths_.size()) {
        const double area = found_[d].extent[2] * found_[d].extent[3];
        if (area < range_.low || area > range_.high) matches.ignored[d] |= bit;
        continue;
      }
      taken[best] = true;
      matches.matched[d] |= bit;
      if (best >= counted_) matches.ignored[d] |= bit;
    }
  }

  /// The free box of most overlap, the last of equal ones; one that counts goes before all that do not.
  std::size_t best_truth(std::size_t found, double threshold, const std::vector<bool>& taken) const {
    double least = std::min(threshold, kAlmostOne);
    std::size_t best = truths_.size();
    for (std::size_t g = 0; g < truths_.size(); ++g) {
      if (taken[g] && !truths_[g]->crowd) continue;
      if (best < counted_ && g >= counted_) break;
      const double overlap = overlaps_[found * truths_.size() + g];
      if (overlap < least) continue;
      least = overlap;
      best = g;
    }
    return best;
  }

  std::span<const FoundBox> found_;
  AreaRange range_;
  std::vector<const TrueBox*> truths_;
  std::size_t counted_ = 0;  // the first so many of them count
  std::vector<double> overlaps_;
};

}  // namespace

double overlap(const BoxExtent& found, const BoxExtent& truth, bool crowd) {
  const double width = std::min(found[0] + found[2], truth[0] + truth[2]) - std::max(found[0], truth[0]);
  const double height = std::min(found[1] + found[3], truth[1] + truth[3]) - std::max(found[1], truth[1]);
  if (!(width > 0) || !(height > 0)) return 0;
  const double both = width * height, area = found[2] * found[3];
  return both / (crowd ? area : area + truth[2] * truth[3] - both);
}

double overlap_threshold(std::size_t number) {
  constexpr std::size_t kLast = CocoEvaluation::kThresholds - 1;
  constexpr double kFirst = 0.5, kEnd = 0.95, kStep = (kEnd - kFirst) / static_cast<double>(kLast);
  return number == kLast ? kEnd : static_cast<double>(number) * kStep + kFirst;
}

AreaMatches area_matches(std::span<const TrueBox> truths, std::span<const FoundBox> found, CocoEvaluation::Area area) {
  return AreaMatcher(truths, found, kAreaRanges.at(static_cast<std::size_t>(area))).match();
}

}  // namespace enxerto
