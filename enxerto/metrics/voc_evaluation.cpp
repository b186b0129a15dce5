#include "enxerto/metrics/voc_evaluation.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/coco_matching.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

constexpr double kLeastOverlap = 0.5;

/// Recall and precision after each found box that counts.
struct Curve {
  std::vector<double> recall, precision;
};

double area_under(Curve curve) {
  for (std::size_t i = curve.precision.size(); i-- > 1;)
    curve.precision[i - 1] = std::max(curve.precision[i - 1], curve.precision[i]);
  double area = 0, before = 0;
  for (std::size_t i = 0; i < curve.recall.size(); ++i) {
    area += (curve.recall[i] - before) * curve.precision[i];
    before = curve.recall[i];
  }
  return area;
}

double mean_of_eleven(const Curve& curve) {
  constexpr int kPoints = 11;
  double sum = 0;
  for (int point = 0; point < kPoints; ++point) {
    const double least = static_cast<double>(point) / (kPoints - 1);
    double best = 0;
    for (std::size_t i = 0; i < curve.recall.size(); ++i)
      if (curve.recall[i] >= least) best = std::max(best, curve.precision[i]);
    sum += best;
  }
  return sum / kPoints;
}

}  // namespace

void VocEvaluation::add(const BoxedExample& example) {
  const auto of_class = [&](std::size_t label) -> OfClass& {
    if (label < classes_.size()) return classes_[label];
    throw data_error("boxes", fmt::format("class number {}", label), fmt::format("below {}", classes_.size()));
  };
  std::vector<std::size_t> numbers;  // of the true boxes, within their classes
  for (const TrueBox& truth : example.truths) {
    OfClass& one = of_class(truth.label);
    numbers.push_back(one.difficult.size());
    one.difficult.push_back(truth.crowd);
  }
  for (const FoundBox& found : example.found) {
    Nearest nearest{.score = found.score};
    double most = -1;
    for (std::size_t i = 0; i < example.truths.size(); ++i) {
      if (example.truths[i].label != found.label) continue;
      const double shared = overlap(found.extent, example.truths[i].extent, false);
      if (shared <= most) continue;
      most = shared;
      nearest.truth = numbers[i];
    }
    nearest.meets = most > kLeastOverlap;
    of_class(found.label).found.push_back(nearest);
  }
}

VocEvaluation::Figures VocEvaluation::of(std::size_t label) const {
  const OfClass& one = classes_.at(label);
  const auto truths = static_cast<double>(std::ranges::count(one.difficult, false));
  if (truths == 0) return {kNan, kNan};
  std::vector<Nearest> found = one.found;
  std::ranges::stable_sort(found, std::ranges::greater(), &Nearest::score);
  std::vector<bool> taken(one.difficult.size());
  Curve curve;
  double right = 0, counted = 0;
  for (const Nearest& box : found) {
    if (box.meets && one.difficult[box.truth]) continue;
    counted += 1;
    if (box.meets && !taken[box.truth]) {
      right += 1;
      taken[box.truth] = true;
    }
    curve.recall.push_back(right / truths);
    curve.precision.push_back(right / counted);
  }
  return {area_under(curve), mean_of_eleven(curve)};
}

VocEvaluation::Figures VocEvaluation::mean() const {
  Figures sum;
  double known = 0;
  for (std::size_t label = 0; label < classes_.size(); ++label) {
    const Figures figures = of(label);
    if (std::isnan(figures.area)) continue;
    sum.area += figures.area;
    sum.eleven += figures.eleven;
    known += 1;
  }
  return known == 0 ? Figures{kNan, kNan} : Figures{sum.area / known, sum.eleven / known};
}

void VocEvaluation::reset() { classes_.assign(classes_.size(), {}); }

}  // namespace enxerto
