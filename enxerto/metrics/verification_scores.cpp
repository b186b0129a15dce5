#include "enxerto/metrics/verification_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/metrics/cosine.h"
#include "enxerto/metrics/folded_pairs.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/resampled_intervals.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostImpostors = 8'000'000;  // of all pairs of two identities every second, third .. beyond
constexpr std::size_t kMostDrawnPairs = 200'000;   // of either kind, that intervals are found by
constexpr std::array kRates{0.1, 0.01, 0.001, 0.0001};

/// Every second, third .. of the pairs of either kind, so that they are no more than `kMostDrawnPairs`.
std::vector<ScoredPair> thinned(const std::vector<ScoredPair>& sorted) {
  std::array<std::size_t, 2> seen{}, step{1, 1};
  for (const ScoredPair& pair : sorted) ++seen[pair.same ? 1 : 0];
  for (std::size_t kind = 0; kind < 2; ++kind) step[kind] = std::max<std::size_t>(1, seen[kind] / kMostDrawnPairs);
  std::vector<ScoredPair> thin;
  seen = {};
  for (const ScoredPair& pair : sorted)
    if (seen[pair.same ? 1 : 0]++ % step[pair.same ? 1 : 0] == 0) thin.push_back(pair);
  return thin;
}

/// What each draw of identities gives: the equal error rate, the area, then threshold and accepted share by rate. Where
/// all draws give the same (each pair is on the right side), they say nothing of other pairs: NaN.
std::vector<Interval> intervals_of(const std::vector<ScoredPair>& sorted, std::size_t units,
                                   std::span<const double> rates) {
  const std::vector<ScoredPair> thin = thinned(sorted);
  std::vector<double> weights(thin.size());
  std::vector<Interval> found = resampled_intervals(units, kResamples, [&](std::span<const std::uint32_t> drawn) {
    for (std::size_t i = 0; i < thin.size(); ++i) {
      const double first = drawn[thin[i].first];
      weights[i] = thin[i].first == thin[i].second ? first : first * drawn[thin[i].second];
    }
    const PairCurve curve(thin, weights);
    std::vector<double> figures{curve.equal_error_rate(), curve.area()};
    for (const double rate : rates) {
      const OperatingPoint point = curve.at_false_accept_rate(rate);
      figures.push_back(std::isfinite(point.threshold) ? point.threshold : kNan);
      figures.push_back(point.true_accept_rate);
    }
    return figures;
  });
  for (Interval& interval : found)
    if (interval.low == interval.high) interval = {kNan, kNan};
  return found;
}

/// The corners of the curve's steps, thinned where they are many; where both errors are equal, and the point of
/// `threshold`.
std::vector<Scatter> drawn_curve(const PairCurve& curve, const std::optional<double>& threshold) {
  constexpr std::size_t kFirstPoints = 200, kMostPoints = 500;
  const std::vector<OperatingPoint>& all = curve.points();
  const auto rates = [](const OperatingPoint& point) {
    return std::pair(point.false_accept_rate, point.true_accept_rate);
  };
  std::vector<std::size_t> corners;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool inside = i > 0 && i + 1 < all.size();
    const auto flat = [&](double OperatingPoint::* rate) {
      return all[i - 1].*rate == all[i].*rate && all[i].*rate == all[i + 1].*rate;
    };
    if (!inside || !(flat(&OperatingPoint::false_accept_rate) || flat(&OperatingPoint::true_accept_rate)))
      corners.push_back(i);
  }
  // The first are those of few false accepts, which a logarithmic axis shows wide.
  Scatter line{.name = "pairs", .points = {}};
  const std::size_t others = corners.size() - std::min(corners.size(), kFirstPoints);
  const std::size_t step = others / (kMostPoints - kFirstPoints) + 1;
  for (std::size_t i = 0; i < corners.size(); ++i)
    if (i < kFirstPoints || (i - kFirstPoints) % step == 0 || i + 1 == corners.size())
      line.points.push_back(rates(all[corners[i]]));
  const double equal = curve.equal_error_rate();
  std::vector<Scatter> drawn{std::move(line), {.name = "equal errors", .points = {{equal, 1 - equal}}}};
  if (threshold)
    drawn.push_back({fmt::format("threshold {:.4f}", *threshold), {rates(curve.at_threshold(*threshold))}});
  return drawn;
}

std::string unsupported(const PairCurve& curve) {
  const bool lone = curve.genuine() <= 0;
  return fmt::format("no support: {} of {}",
                     counted(static_cast<std::uint64_t>(lone ? curve.genuine() : curve.impostors()), "pair"),
                     lone ? "one identity" : "two identities");
}

/// Why there are no figures: both kinds of pairs are needed for any.
std::string lacking_pairs(const PairCurve& curve, std::size_t examples, bool listed) {
  if (curve.genuine() > 0 && curve.impostors() > 0) return "";
  const bool none = curve.genuine() <= 0 && curve.impostors() <= 0;
  const std::string found =
      listed ? fmt::format("All pairs of the list are of {}", curve.genuine() > 0 ? "one identity" : "two identities")
      : none ? "One example makes no pair"
      : curve.impostors() <= 0
          ? fmt::format("All {} examples are of one identity, with nobody to tell it from", examples)
          : fmt::format("Each of the {} examples is of another identity", examples);
  return found +
         ": no error rate can be measured. Measure by two identities or more, with two examples of each or more. ";
}

/// Pairs of two identities that a fold's threshold is set by, where they are fewest.
std::size_t fewest_impostors_of_others(std::span<const FoldedPair> pairs) {
  std::map<std::size_t, std::size_t> of_fold;
  std::size_t all = 0, most = 0;
  for (const FoldedPair& pair : pairs) {
    if (pair.same) continue;
    ++all;
    most = std::max(most, ++of_fold[pair.fold]);
  }
  return all - most;
}

MetricTable operating_points(const PairCurve& curve, std::span<const double> rates, std::span<const Interval> intervals,
                             std::size_t every) {
  MetricTable table{
      .name = "operating_points",
      .title = "Thresholds for a wanted rate of false accepts",
      .note = fmt::format("Two examples are taken for one identity where the cosine of their vectors is at "
                          "least the threshold. Intervals of 95 % by the bootstrap over identities. {} "
                          "of one identity, {} of two{}.",
                          counted(static_cast<std::uint64_t>(curve.genuine()), "pair"),
                          format_count(static_cast<std::size_t>(curve.impostors())),
                          every > 1 ? fmt::format(" (1 of {} of all)", every) : ""),
      .columns = {{"rate", "false accepts wanted"},
                  {"threshold", "threshold"},
                  {"tar", "true accepts", true},
                  {"false_accepts", "pairs falsely accepted"}},
      .rows = {}};
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const std::string name = fmt::format("{:g} %", rates[i] * 100);
    if (curve.genuine() <= 0 || !curve.supports(rates[i])) {
      table.rows.push_back({name, unsupported(curve), std::string("-"), std::uint64_t{0}});
      continue;
    }
    const OperatingPoint point = curve.at_false_accept_rate(rates[i]);
    const auto interval = [&](std::size_t figure) {
      return intervals.empty() ? Interval{kNan, kNan} : intervals[2 + 2 * i + figure];
    };
    table.rows.push_back({name, Estimate{point.threshold, interval(0)}, Estimate{point.true_accept_rate, interval(1)},
                          static_cast<std::uint64_t>(std::llround(point.false_accept_rate * curve.impostors()))});
  }
  return table;
}

}  // namespace

void VerificationScores::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor& vectors = outputs.at(kProbabilities);
  const Tensor& target = targets.at(kTarget);
  const auto count = static_cast<std::size_t>(vectors.shape().at(0));
  const std::size_t rank = target.shape().size();
  if (static_cast<std::size_t>(target.shape().at(0)) != count || target.dtype() != DType::i64 ||
      (rank != 1 && rank != 3))
    throw data_error("pairs", fmt::format("targets {}", to_string(target.shape())), "an identity for each vector");
  width_ = vectors.size() / std::max<std::size_t>(count, 1);
  const auto values = vectors.as<float>();
  if (std::ranges::any_of(values, [](float value) { return !std::isfinite(value); }))
    throw data_error("pairs", "a vector with values that are not finite", "numbers");
  const auto numbers = target.as<std::int64_t>();
  const std::size_t rows = rank == 1 ? 1 : static_cast<std::size_t>(target.shape()[1]), each = rank == 1 ? 1 : 3 * rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t* row = numbers.data() + i * each;
    if (settings_.known && row[0] >= *settings_.known) continue;
    const auto example = static_cast<std::uint32_t>(identities_.size());
    identities_.push_back(row[0]);
    vectors_.insert(vectors_.end(), values.begin() + i * width_, values.begin() + (i + 1) * width_);
    for (std::size_t r = 1; r < rows; ++r)
      if (const std::int64_t* listed = row + 3 * r; listed[0] >= 0)
        listed_.push_back({.pair = listed[0], .fold = listed[2], .same = listed[1] != 0, .example = example});
  }
}

void VerificationScores::reset() {
  const bool has_intervals = has_intervals_;
  *this = VerificationScores(settings_);
  has_intervals_ = has_intervals;
}

float VerificationScores::cosine(std::size_t a, std::size_t b) const {
  return dot_product(vectors_.data() + a * width_, vectors_.data() + b * width_, width_);
}

/// The number of what each example is drawn with: its identity, or, where that is not known, itself.
std::vector<std::uint32_t> VerificationScores::units(std::size_t& count) const {
  std::map<std::int64_t, std::uint32_t> known;
  std::vector<std::uint32_t> numbers;
  count = 0;
  for (const std::int64_t identity : identities_) {
    if (identity < 0) {
      numbers.push_back(static_cast<std::uint32_t>(count++));
      continue;
    }
    const auto [place, is_new] = known.emplace(identity, static_cast<std::uint32_t>(count));
    if (is_new) ++count;
    numbers.push_back(place->second);
  }
  return numbers;
}

void VerificationScores::add_all_pairs(Pairs& pairs, const std::vector<std::uint32_t>& units) const {
  const std::size_t count = identities_.size();
  pairs.every = count * count / 2 / kMostImpostors + 1;
  std::vector<std::array<float, 2>> nearest(count, {-2, -2});  // of another identity, and of its own
  std::size_t impostors = 0;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = a + 1; b < count; ++b) {
      const bool same = units[a] == units[b];
      const float score = cosine(a, b);
      nearest[a][same ? 1 : 0] = std::max(nearest[a][same ? 1 : 0], score);
      nearest[b][same ? 1 : 0] = std::max(nearest[b][same ? 1 : 0], score);
      if (!same && impostors++ % pairs.every != 0) continue;
      pairs.sorted.push_back({.score = score, .same = same, .first = units[a], .second = units[b]});
    }
  }
  for (const auto& [other, own] : nearest) {
    if (own < -1.5F) continue;
    ++pairs.in_pairs;
    if (own > other) ++pairs.nearest_same;
  }
}

void VerificationScores::add_listed_pairs(Pairs& pairs, const std::vector<std::uint32_t>& units) const {
  std::map<std::int64_t, Listed> waiting;
  for (const Listed& listed : listed_) {
    const auto [place, is_first] = waiting.emplace(listed.pair, listed);
    if (is_first) continue;
    const std::uint32_t a = place->second.example, b = listed.example;
    pairs.listed.push_back({.score = cosine(a, b), .same = listed.same, .first = units[a], .second = units[b]});
    pairs.folds.push_back(listed.fold);
    waiting.erase(place);
  }
  pairs.sorted = pairs.listed;
}

VerificationScores::Pairs VerificationScores::pairs() const {
  Pairs pairs;
  const std::vector<std::uint32_t> numbers = units(pairs.units);
  listed_.empty() ? add_all_pairs(pairs, numbers) : add_listed_pairs(pairs, numbers);
  sort_pairs(pairs.sorted);
  return pairs;
}

void VerificationScores::report_folds(const Pairs& pairs, MetricsReport& report) const {
  if (pairs.folds.empty() || std::ranges::any_of(pairs.folds, [](std::int64_t fold) { return fold < 0; })) return;
  std::vector<FoldedPair> folded;
  for (std::size_t i = 0; i < pairs.listed.size(); ++i)
    folded.push_back({.distance = 2 - 2 * pairs.listed[i].score,
                      .same = pairs.listed[i].same,
                      .fold = static_cast<std::size_t>(pairs.folds[i])});
  const FoldedFigures figures = folded_figures(folded, settings_.false_accept_rate);
  Estimate mean = estimated_mean(figures.accuracies);
  if (mean.interval.low == mean.interval.high) mean.interval = {kNan, kNan};  // all the same says nothing of others
  const bool supported = settings_.false_accept_rate * static_cast<double>(fewest_impostors_of_others(folded)) >= 1;
  report.values.push_back({.name = "fold_accuracy",
                           .value = figures.accuracy,
                           .interval = mean.interval,
                           .title = fmt::format("accuracy, mean of {} folds", figures.accuracies.size())});
  report.values.push_back({.name = "fold_standard_error",
                           .value = figures.standard_error,
                           .higher_is_better = false,
                           .title = "standard error of that mean"});
  report.values.push_back({.name = "fold_tar",
                           .value = supported ? figures.true_accept_rate : kNan,
                           .title = fmt::format("true accepts at {:g} % false accepts, mean of the folds",
                                                settings_.false_accept_rate * 100)});
}

namespace {

/// What the model's own threshold accepts.
void report_threshold(const PairCurve& curve, double threshold, MetricsReport& report) {
  const OperatingPoint own = curve.at_threshold(threshold);
  report.values.push_back({.name = "false_accept_rate",
                           .value = own.false_accept_rate,
                           .higher_is_better = false,
                           .title = fmt::format("false accepts at the model's threshold, {:.4f}", threshold)});
  report.values.push_back(
      {.name = "true_accept_rate", .value = own.true_accept_rate, .title = "true accepts at the model's threshold"});
}

}  // namespace

void VerificationScores::report(MetricsReport& report) const {
  const Pairs found = pairs();
  const PairCurve curve(found.sorted);
  std::vector<double> rates(kRates.begin(), kRates.end());
  const auto wanted = std::ranges::find(rates, settings_.false_accept_rate);
  const auto place = static_cast<std::size_t>(wanted - rates.begin());
  if (wanted == rates.end()) rates.push_back(settings_.false_accept_rate);
  const std::vector<Interval> intervals =
      has_intervals_ ? intervals_of(found.sorted, found.units, rates) : std::vector<Interval>();
  const auto interval = [&](std::size_t figure) -> std::optional<Interval> {
    return intervals.empty() ? std::optional<Interval>() : intervals[figure];
  };
  report.values.push_back({.name = "eer",
                           .value = curve.equal_error_rate(),
                           .interval = interval(0),
                           .higher_is_better = false,
                           .title = "equal error rate",
                           .baseline = Baseline{0.5, "guessing"}});
  report.values.push_back(
      {.name = "roc_auc", .value = curve.area(), .interval = interval(1), .share = false, .title = "ROC AUC"});
  const bool supported = curve.supports(settings_.false_accept_rate);
  const OperatingPoint point = curve.at_false_accept_rate(settings_.false_accept_rate);
  report.values.push_back(
      {.name = "tar",
       .value = supported ? point.true_accept_rate : kNan,
       .interval = supported ? interval(3 + 2 * place) : std::nullopt,
       .title = fmt::format("true accepts at {:g} % false accepts", settings_.false_accept_rate * 100)});
  double accuracy = kNan;
  (void)curve.best(accuracy);
  report.values.push_back({.name = "best_accuracy",
                           .value = accuracy,
                           .title = "accuracy, threshold chosen on these pairs",
                           .shown = false});
  report.values.push_back({.name = "detection_cost",
                           .value = curve.detection_cost(),
                           .higher_is_better = false,
                           .share = false,
                           .title = "detection cost (1, 1, 0.01)",
                           .shown = false});
  if (settings_.threshold) report_threshold(curve, *settings_.threshold, report);
  if (listed_.empty())
    report.values.push_back(
        {.name = "nearest_same",
         .value =
             found.in_pairs == 0 ? kNan : static_cast<double>(found.nearest_same) / static_cast<double>(found.in_pairs),
         .title = "nearest other is of the same identity"});
  report_folds(found, report);
  if (identities_.empty()) return;
  report.tables.push_back(operating_points(curve, rates, intervals, found.every));
  MetricTable& table = report.tables.back();
  table.note.insert(0, lacking_pairs(curve, identities_.size(), !listed_.empty()));
  if (curve.genuine() > 0 && curve.impostors() > 0) report.roc = drawn_curve(curve, settings_.threshold);
}

}  // namespace enxerto
