#include "enxerto/tasks/ctc_decoding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

namespace enxerto {
namespace {

constexpr std::int64_t kBlank = 0;
constexpr double kLeastProbability = 1e-15;

double log_sum(double a, double b) {
  const auto [low, high] = std::minmax(a, b);
  return high + std::log1p(std::exp(low - high));
}

/// Labels so far, and what the last frame said: a blank, or the last of them.
struct Beam {
  std::size_t node = 0;
  std::int64_t frame = -1;
  double logarithm = 0;
  double weighed = 0;  // with the weight of its words
};

/// Beams of a frame, in the order in which they were first found.
class Beams {
 public:
  void add(const Beam& beam) {
    const auto [found, is_new] = places_.try_emplace({beam.node, beam.frame}, beams_.size());
    if (is_new)
      beams_.push_back(beam);
    else
      beams_[found->second].logarithm = log_sum(beams_[found->second].logarithm, beam.logarithm);
  }

  /// `weight(node)` is that of its words.
  template <typename Weight>
  std::vector<Beam> best(const CtcSearch& search, Weight weight) && {
    for (Beam& beam : beams_) beam.weighed = beam.logarithm + weight(beam.node);
    std::ranges::stable_sort(beams_, std::ranges::greater(), &Beam::weighed);
    const double least = beams_.front().weighed + search.least_beam;
    const auto end = std::ranges::find_if(beams_, [&](const Beam& beam) { return beam.weighed < least; });
    const auto kept = std::min(static_cast<std::size_t>(end - beams_.begin()), std::max<std::size_t>(search.beams, 1));
    beams_.resize(kept);
    return std::move(beams_);
  }

 private:
  std::vector<Beam> beams_;
  std::map<std::pair<std::size_t, std::int64_t>, std::size_t> places_;
};

/// Labels of a frame that are followed, with the logarithms of their probabilities.
std::vector<std::pair<std::int64_t, double>> followed(std::span<const float> frame, double least) {
  std::vector<std::pair<std::int64_t, double>> labels;
  const auto most = std::ranges::max_element(frame) - frame.begin();
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const double logarithm = std::log(std::clamp(static_cast<double>(frame[i]), kLeastProbability, 1.0));
    if (logarithm >= least || std::cmp_equal(i, most)) labels.emplace_back(static_cast<std::int64_t>(i), logarithm);
  }
  return labels;
}

}  // namespace

std::vector<std::int64_t> greedy_labels(std::span<const float> probabilities, std::size_t width) {
  std::vector<std::int64_t> labels;
  std::int64_t before = kBlank;
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width) {
    const auto frame = probabilities.subspan(at, width);
    const std::int64_t label = std::ranges::max_element(frame) - frame.begin();
    if (label != before && label != kBlank) labels.push_back(label);
    before = label;
  }
  return labels;
}

std::vector<CtcBeam> beam_labels(std::span<const float> probabilities, std::size_t width, const CtcSearch& search) {
  LabelTree tree(search.space, search.words);
  std::vector<Beam> beams{{}};
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width) {
    Beams next;
    for (const auto& [label, logarithm] : followed(probabilities.subspan(at, width), search.least_label))
      for (const Beam& beam : beams) {
        const bool same = label == kBlank || label == beam.frame;
        next.add({.node = same ? beam.node : tree.with(beam.node, label),
                  .frame = label,
                  .logarithm = beam.logarithm + logarithm});
      }
    beams = std::move(next).best(search, [&](std::size_t node) { return tree.weight(node); });
  }
  Beams ends;
  for (const Beam& beam : beams) ends.add({.node = tree.trimmed(beam.node), .frame = -1, .logarithm = beam.logarithm});
  std::vector<CtcBeam> found;
  for (const Beam& beam : std::move(ends).best(search, [&](std::size_t node) { return tree.weight_at_end(node); }))
    found.push_back({.labels = tree.labels(beam.node), .logarithm = beam.logarithm, .weighed = beam.weighed});
  return found;
}

}  // namespace enxerto
