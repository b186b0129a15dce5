#include "enxerto/metrics/box_mistakes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/metrics/coco_matching.h"

namespace enxerto {
namespace {

struct BestTruth {
  const TrueBox* box = nullptr;
  std::size_t place = 0;
  double overlap = 0;
};

/// Of those that `fits` the one that the box overlaps most.
template <typename Fits>
BestTruth best_truth(const FoundBox& found, const std::vector<TrueBox>& truths, Fits fits) {
  BestTruth best;
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (!fits(i)) continue;
    const double shared = overlap(found.extent, truths[i].extent, truths[i].crowd);
    if (shared > best.overlap) best = {&truths[i], i, shared};
  }
  return best;
}

std::vector<FoundBox> sure_boxes(const BoxedExample& example) {
  std::vector<FoundBox> sure;
  std::ranges::copy_if(example.found, std::back_inserter(sure),
                       [](const FoundBox& one) { return one.score >= BoxMistakes::kLeastScore; });
  std::ranges::stable_sort(sure, [](const FoundBox& a, const FoundBox& b) { return a.score > b.score; });
  return sure;
}

std::string_view is_or_are(std::size_t count) { return count == 1 ? "is" : "are"; }

}  // namespace

void BoxMistakes::add(const BoxedExample& example) {
  const std::vector<TrueBox>& truths = example.truths;
  const std::size_t background = counts_.size() - 1;
  std::vector<bool> taken(truths.size());
  std::vector<FoundBox> others;
  for (const FoundBox& found : sure_boxes(example)) {
    const BestTruth best = best_truth(
        found, truths, [&](std::size_t i) { return !taken[i] && !truths[i].crowd && truths[i].label == found.label; });
    if (best.overlap < kLeastOverlap) {
      others.push_back(found);
      continue;
    }
    taken[best.place] = true;
    ++counts_[found.label][found.label];
    ++right;
  }
  for (const FoundBox& found : others) {
    const auto own = [&](std::size_t i) { return !truths[i].crowd && truths[i].label == found.label; };
    const auto crowd = [&](std::size_t i) { return truths[i].crowd && truths[i].label == found.label; };
    const auto other = [&](std::size_t i) { return !truths[i].crowd && truths[i].label != found.label && !taken[i]; };
    if (best_truth(found, truths, crowd).overlap >= kLeastOverlap) continue;
    const double near = best_truth(found, truths, own).overlap;
    const BestTruth confused = best_truth(found, truths, other);
    if (near >= kLeastOverlap) {
      ++doubles;
    } else if (confused.overlap >= kLeastOverlap) {
      ++of_other_class;
      taken[confused.place] = true;
      ++counts_[confused.box->label][found.label];
      continue;
    } else {
      ++(near >= kNear ? beside : nothing_there);
    }
    ++counts_[background][found.label];
  }
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (taken[i] || truths[i].crowd) continue;
    ++missed;
    ++counts_[truths[i].label][background];
  }
}

std::string BoxMistakes::in_words(double best_score) const {
  const std::size_t there = right + missed + of_other_class;
  const std::size_t found = right + of_other_class + doubles + beside + nothing_there;
  if (there == 0) return "There is no box to be found.";
  const std::string better = std::isfinite(best_score) && std::abs(best_score - kLeastScore) > 0.1
                                 ? fmt::format(" F1 is highest at a probability of {:.2f}.", best_score)
                                 : "";
  if (found == 0)
    return "Everything is taken for background: nothing is found with a probability of 0.5 or more." + better;
  const std::array<std::pair<std::size_t, std::string_view>, 5> kinds{
      {{missed, "boxes are missed"},
       {nothing_there, "boxes are found where nothing is"},
       {beside, "boxes are found beside the object, too large or too small"},
       {doubles, "objects are found twice"},
       {of_other_class, "boxes are found as another class"}}};
  const auto& [count, what] = *std::ranges::max_element(kinds, {}, [](const auto& kind) { return kind.first; });
  std::string words =
      fmt::format("Of {} {} {} found ({}); of {} that {} found with a probability of 0.5 or more {} {} right.",
                  counted(there, "box", "boxes"), right, is_or_are(right),
                  percent(static_cast<double>(right) / static_cast<double>(there)), counted(found, "box", "boxes"),
                  is_or_are(found), right, is_or_are(right));
  if (count > 0) words += fmt::format(" Most of what goes wrong: {}.", what);
  return words + better;
}

MetricTable BoxMistakes::table(double best_score) const {
  MetricTable table{.name = "mistakes",
                    .title = "What goes wrong",
                    .note = in_words(best_score),
                    .columns = {{.name = "what", .title = "of the boxes"}, {.name = "boxes", .title = "number"}},
                    .rows = {}};
  for (const auto& [what, count] : {std::pair<std::string_view, std::size_t>{"found", right},
                                    {"missed", missed},
                                    {"found as another class", of_other_class},
                                    {"found where nothing is", nothing_there},
                                    {"found beside the object", beside},
                                    {"found twice", doubles}})
    table.rows.push_back({std::string(what), std::uint64_t{count}});
  return table;
}

Confusion BoxMistakes::confusion(const std::vector<std::string>& names) const {
  Confusion confusion{.names = names, .counts = counts_};
  confusion.names.emplace_back("background");
  return confusion;
}

void BoxMistakes::reset() { *this = BoxMistakes(counts_.size() - 1); }

}  // namespace enxerto
