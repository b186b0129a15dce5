#include "enxerto/metrics/pair_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

void sort_pairs(std::vector<ScoredPair>& pairs) {
  std::ranges::stable_sort(pairs, [](const ScoredPair& a, const ScoredPair& b) { return a.score > b.score; });
}

PairCurve::PairCurve(std::span<const ScoredPair> sorted, std::span<const double> weights) {
  points_.push_back({.threshold = std::numeric_limits<double>::infinity()});
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (std::isnan(sorted[i].score)) throw data_error("pairs", "a score that is not a number", "numbers");
    (sorted[i].same ? genuine_ : impostors_) += weights.empty() ? 1 : weights[i];
    if (i + 1 < sorted.size() && sorted[i + 1].score == sorted[i].score) continue;
    points_.push_back({.threshold = static_cast<double>(sorted[i].score),
                       .false_accept_rate = impostors_,
                       .true_accept_rate = genuine_});
  }
  for (OperatingPoint& point : points_) {
    point.false_accept_rate = impostors_ > 0 ? point.false_accept_rate / impostors_ : kNan;
    point.true_accept_rate = genuine_ > 0 ? point.true_accept_rate / genuine_ : kNan;
  }
}

double PairCurve::area() const {
  if (is_empty()) return kNan;
  double area = 0;
  for (std::size_t i = 1; i < points_.size(); ++i)
    area += (points_[i].false_accept_rate - points_[i - 1].false_accept_rate) *
            (points_[i].true_accept_rate + points_[i - 1].true_accept_rate) / 2;
  return area;
}

double PairCurve::equal_error_rate() const {
  if (is_empty()) return kNan;
  const auto rejects_more = [](const OperatingPoint& point) {
    return 1 - point.true_accept_rate > point.false_accept_rate;
  };
  const auto behind = std::ranges::find_if_not(points_, rejects_more);  // never the first, which rejects all
  const OperatingPoint &after = *behind, &before = *(behind - 1);
  const double above = 1 - before.true_accept_rate - before.false_accept_rate;
  const double below = after.false_accept_rate - (1 - after.true_accept_rate);
  const double share = above / (above + below);
  return before.false_accept_rate + share * (after.false_accept_rate - before.false_accept_rate);
}

OperatingPoint PairCurve::at_false_accept_rate(double rate) const {
  if (is_empty()) return {.threshold = kNan, .false_accept_rate = kNan, .true_accept_rate = kNan};
  const auto behind =
      std::ranges::find_if(points_, [&](const OperatingPoint& point) { return point.false_accept_rate > rate; });
  return *(behind - 1);
}

bool PairCurve::supports(double rate) const { return rate * impostors_ >= 1; }

OperatingPoint PairCurve::at_threshold(double threshold) const {
  if (is_empty()) return {.threshold = threshold, .false_accept_rate = kNan, .true_accept_rate = kNan};
  const auto behind =
      std::ranges::find_if(points_, [&](const OperatingPoint& point) { return point.threshold < threshold; });
  OperatingPoint point = *(behind - 1);
  point.threshold = threshold;
  return point;
}

OperatingPoint PairCurve::best(double& accuracy) const {
  const auto right = [&](const OperatingPoint& point) {
    return (point.true_accept_rate * genuine_ + (1 - point.false_accept_rate) * impostors_) / (genuine_ + impostors_);
  };
  const auto found = std::ranges::max_element(points_, {}, right);
  accuracy = is_empty() ? kNan : right(*found);
  return *found;
}

double PairCurve::detection_cost() const {
  constexpr double kPrior = 0.01;
  if (is_empty()) return kNan;
  double least = std::numeric_limits<double>::infinity();
  for (const OperatingPoint& point : points_)
    least = std::min(least, kPrior * (1 - point.true_accept_rate) + (1 - kPrior) * point.false_accept_rate);
  return least;
}

}  // namespace enxerto
