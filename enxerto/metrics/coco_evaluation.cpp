#include "enxerto/metrics/coco_evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/coco_matching.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

constexpr auto kBefore = [](const auto* a, const auto* b) { return a->score > b->score; };

/// Precision at 101 recalls, and the mean over them, of the boxes that are right, best first: between two of them
/// recall stays and precision falls, so that the others need not be kept.
class RecallCurve {
 public:
  void add(double recall, double precision) {
    recalls_.push_back(recall);
    precisions_.push_back(precision);
  }

  double recall() const { return recalls_.empty() ? 0 : recalls_.back(); }

  double mean_precision() {
    const std::array<double, CocoEvaluation::kRecalls> all = precisions();
    return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  }

  std::array<double, CocoEvaluation::kRecalls> precisions() {
    for (std::size_t i = precisions_.size(); i-- > 1;)
      precisions_[i - 1] = std::max(precisions_[i - 1], precisions_[i]);
    std::array<double, CocoEvaluation::kRecalls> precisions{};
    auto from = recalls_.begin();
    constexpr std::size_t kLast = CocoEvaluation::kRecalls - 1;
    constexpr double kStep = 0.01;
    for (std::size_t r = 0; r <= kLast; ++r) {
      from = std::lower_bound(from, recalls_.end(), r == kLast ? 1.0 : static_cast<double>(r) * kStep);
      if (from == recalls_.end()) break;
      precisions.at(r) = precisions_[static_cast<std::size_t>(from - recalls_.begin())];
    }
    return precisions;
  }

 private:
  std::vector<double> recalls_, precisions_;
};

/// Counts boxes, best first, at all thresholds: what is wrong at each of them, as most is, is counted once.
class ThresholdCounts {
 public:
  explicit ThresholdCounts(double truths) : truths_(truths) {}

  void add(unsigned matched, unsigned ignored, double weight) {
    constexpr unsigned kAll = (1U << CocoEvaluation::kThresholds) - 1;
    if ((matched | ignored) == 0) {
      wrong_everywhere_ += weight;
      return;
    }
    for (unsigned bits = kAll & ~ignored, t = 0; bits >> t != 0; ++t) {
      if ((bits >> t & 1U) == 0) continue;
      if ((matched >> t & 1U) == 0) {
        wrong_[t] += weight;
        continue;
      }
      right_[t] += weight;
      const double said = (wrong_everywhere_ + wrong_[t]) + right_[t] + std::numeric_limits<double>::epsilon();
      curves_[t].add(right_[t] / truths_, right_[t] / said);
    }
  }

  CocoEvaluation::Curve curve() {
    CocoEvaluation::Curve curve;
    for (std::size_t t = 0; t < curves_.size(); ++t) {
      curve.recall[t] = curves_[t].recall();
      curve.precision[t] = curves_[t].mean_precision();
    }
    return curve;
  }

 private:
  double truths_, wrong_everywhere_ = 0;
  std::array<double, CocoEvaluation::kThresholds> right_{}, wrong_{};
  std::array<RecallCurve, CocoEvaluation::kThresholds> curves_;
};

/// The boxes of one class, best first, at most as many as are ever looked at.
std::vector<FoundBox> best_of(const std::vector<FoundBox>& all, std::size_t label) {
  std::vector<const FoundBox*> order;
  for (const FoundBox& box : all)
    if (box.label == label) order.push_back(&box);
  std::ranges::stable_sort(order, kBefore);
  order.resize(std::min(order.size(), CocoEvaluation::kMost.back()));
  std::vector<FoundBox> best;
  for (const FoundBox* box : order) best.push_back(*box);
  return best;
}

double mean_of_known(const std::vector<double>& values) {
  double sum = 0;
  std::size_t known = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
  }
  return known == 0 ? kNan : sum / static_cast<double>(known);
}

}  // namespace

void CocoEvaluation::add(const BoxedExample& example) {
  std::map<std::size_t, std::vector<TrueBox>> truths;
  for (const TrueBox& truth : example.truths) truths[truth.label].push_back(truth);
  for (const FoundBox& found : example.found) truths[found.label];
  if (!truths.empty() && truths.rbegin()->first >= classes_.size())
    throw data_error("boxes", fmt::format("class {}", truths.rbegin()->first),
                     fmt::format("below {}", classes_.size()));
  for (const auto& [label, boxes] : truths) {
    const std::vector<FoundBox> found = best_of(example.found, label);
    OfClass& of_class = classes_[label];
    const std::size_t first = of_class.matches.size();
    for (std::size_t rank = 0; rank < found.size(); ++rank)
      of_class.matches.push_back({.score = found[rank].score,
                                  .example = static_cast<std::uint32_t>(examples_),
                                  .rank = static_cast<std::uint32_t>(rank)});
    std::array<std::uint32_t, kAreas> counted{};
    for (std::size_t area = 0; area < kAreas; ++area) {
      const AreaMatches matches = area_matches(boxes, found, static_cast<Area>(area));
      counted[area] = static_cast<std::uint32_t>(matches.truths);
      for (std::size_t i = 0; i < found.size(); ++i) {
        of_class.matches[first + i].matched[area] = matches.matched[i];
        of_class.matches[first + i].ignored[area] = matches.ignored[i];
      }
    }
    of_class.truths.emplace_back(static_cast<std::uint32_t>(examples_), counted);
  }
  ++examples_;
  sorted_ = false;
}

std::size_t CocoEvaluation::truths(std::size_t label) const {
  std::size_t count = 0;
  for (const auto& [example, counted] : classes_.at(label).truths) count += counted[0];
  return count;
}

CocoEvaluation::Curve CocoEvaluation::curve(std::size_t label, Area area, std::size_t most,
                                            std::span<const std::uint32_t> weights) const {
  const OfClass& of_class = classes_.at(label);
  const auto a = static_cast<std::size_t>(area);
  const auto weight = [&](std::uint32_t example) { return weights.empty() ? 1.0 : weights[example]; };
  double truths = 0;
  for (const auto& [example, counted] : of_class.truths) truths += weight(example) * counted[a];
  Curve curve;
  curve.precision.fill(kNan);
  curve.recall.fill(kNan);
  if (truths == 0) return curve;
  std::vector<const Match*> order;
  for (const Match& match : of_class.matches)
    if (match.rank < most && weight(match.example) > 0) order.push_back(&match);
  if (!sorted_) std::ranges::stable_sort(order, kBefore);
  ThresholdCounts counts(truths);
  for (const Match* match : order) counts.add(match->matched[a], match->ignored[a], weight(match->example));
  return counts.curve();
}

std::vector<double> CocoEvaluation::mean_precisions(std::size_t threshold) const {
  std::vector<double> mean(kRecalls);
  std::size_t known = 0;
  for (std::size_t label = 0; label < classes_.size(); ++label) {
    const auto there = static_cast<double>(truths(label));
    if (there == 0) continue;
    std::vector<Match> order = classes_[label].matches;
    std::ranges::stable_sort(order, [](const Match& a, const Match& b) { return a.score > b.score; });
    RecallCurve curve;
    double right = 0, said = 0;
    for (const Match& match : order) {
      if ((match.ignored[0] >> threshold & 1U) != 0) continue;
      ++said;
      if ((match.matched[0] >> threshold & 1U) == 0) continue;
      ++right;
      curve.add(right / there, right / said);
    }
    const std::array<double, kRecalls> precisions = curve.precisions();
    for (std::size_t r = 0; r < kRecalls; ++r) mean[r] += precisions.at(r);
    ++known;
  }
  if (known == 0) return {};
  for (double& precision : mean) precision /= static_cast<double>(known);
  return mean;
}

CocoEvaluation::BestScore CocoEvaluation::best_score() const {
  std::vector<std::pair<double, bool>> found;  // by score; whether it is right
  double there = 0;
  for (std::size_t label = 0; label < classes_.size(); ++label) {
    there += static_cast<double>(truths(label));
    for (const Match& match : classes_[label].matches)
      if ((match.ignored[0] & 1U) == 0) found.emplace_back(match.score, (match.matched[0] & 1U) != 0);
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
  BestScore best;
  if (there == 0) return best;
  double right = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    right += found[i].second ? 1 : 0;
    if (i + 1 < found.size() && found[i + 1].first == found[i].first) continue;  // they come together
    const double f1 = 2 * right / (static_cast<double>(i + 1) + there);
    if (!(f1 <= best.f1)) best = {found[i].first, f1};
  }
  return best;
}

void CocoEvaluation::sort() {
  for (OfClass& of_class : classes_)
    std::ranges::stable_sort(of_class.matches, [](const Match& a, const Match& b) { return a.score > b.score; });
  sorted_ = true;
}

std::array<double, 12> CocoEvaluation::figures() const {
  std::array<double, 12> figures{};
  for (std::size_t f = 0; f < figures.size(); ++f) {
    const CocoFigure& figure = kCocoFigures[f];
    std::vector<double> values;
    for (std::size_t label = 0; label < classes_.size(); ++label) {
      const Curve found = curve(label, figure.area, figure.most);
      const auto& of_thresholds = figure.recall ? found.recall : found.precision;
      if (figure.threshold >= 0)
        values.push_back(of_thresholds.at(static_cast<std::size_t>(figure.threshold)));
      else
        values.insert(values.end(), of_thresholds.begin(), of_thresholds.end());
    }
    figures[f] = mean_of_known(values);
  }
  return figures;
}

void CocoEvaluation::reset() {
  for (OfClass& of_class : classes_) of_class = {};
  examples_ = 0;
}

}  // namespace enxerto
