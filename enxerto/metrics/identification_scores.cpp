#include "enxerto/metrics/identification_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/metrics/cosine.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

constexpr std::size_t kRanks = 10;
constexpr std::array kStrangersNamed{0.1, 0.01};
constexpr float kNobody = -1;  // a cosine that is below all

std::span<const float> row_of(const Tensor& rows, std::size_t i) {
  const auto width = static_cast<std::size_t>(rows.shape()[1]);
  return rows.as<float>().subspan(i * width, width);
}

bool is_nobody(std::span<const float> row) {
  return std::ranges::all_of(row, [](float value) { return value == 0; });
}

Probe probe_of(const Tensor& known, const float* vector, std::int64_t own) {
  const auto count = static_cast<std::size_t>(known.shape()[0]);
  const auto score_of = [&](std::span<const float> row) { return dot_product(row.data(), vector, row.size()); };
  Probe probe{.best_other = kNobody};
  probe.stranger =
      own < 0 || static_cast<std::size_t>(own) >= count || is_nobody(row_of(known, static_cast<std::size_t>(own)));
  if (!probe.stranger) probe.own = score_of(row_of(known, static_cast<std::size_t>(own)));
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const float> row = row_of(known, i);
    if (static_cast<std::int64_t>(i) == own || is_nobody(row)) continue;
    const float score = score_of(row);
    probe.best_other = std::max(probe.best_other, score);
    if (score >= probe.own) ++probe.rank;
  }
  return probe;
}

/// Who are strangers: those of the data whom the model does not know or else each example to the others.
struct Strangers {
  bool are_there = false;
  std::size_t count = 0;
};

Strangers strangers_of(const std::vector<Probe>& probes) {
  const auto real = static_cast<std::size_t>(std::ranges::count_if(probes, &Probe::stranger));
  if (real > 0) return {true, real};
  const auto held_against = [](const Probe& probe) { return probe.best_other > kNobody; };
  return {false, static_cast<std::size_t>(std::ranges::count_if(probes, held_against))};
}

MetricTable open_set(const std::vector<Probe>& probes, const Strangers& strangers) {
  MetricTable table{.name = "open_set",
                    .title = "Naming where strangers come too",
                    .note = fmt::format("{} Named is who is nearest, where the cosine is at least the threshold.",
                                        strangers.are_there
                                            ? "Strangers are those of the data whom the model does not know."
                                            : "The data have nobody whom the model does not know, so each example was "
                                              "also held against the others' identities alone, as a stranger."),
                    .columns = {{"rate", "strangers named"},
                                {"threshold", "threshold"},
                                {"identifications", "named rightly", true},
                                {"strangers", "strangers"}},
                    .rows = {}};
  for (const double rate : kStrangersNamed) {
    const std::string name = fmt::format("at most {:g} %", rate * 100);
    if (rate * static_cast<double>(strangers.count) < 1) {
      table.rows.push_back({name, fmt::format("no support: {}", counted(strangers.count, "stranger")), kNan,
                            std::uint64_t{strangers.count}});
      continue;
    }
    const OpenSetPoint point = at_false_identification_rate(probes, rate);
    table.rows.push_back({name, point.threshold, point.identifications, std::uint64_t{strangers.count}});
  }
  return table;
}

/// A share of so many with its interval.
MetricValue share_of(double share, std::size_t all, std::string name, std::string title) {
  const auto right = static_cast<std::size_t>(std::isfinite(share) ? std::lround(share * static_cast<double>(all)) : 0);
  return {.name = std::move(name), .value = share, .interval = wilson_interval(right, all), .title = std::move(title)};
}

MetricTable match_table(const std::vector<double>& characteristic) {
  MetricTable table{.name = "cumulative_match",
                    .title = "Cumulative match characteristic",
                    .note = "How often the right identity is among the nearest.",
                    .columns = {{"rank", "among the nearest"}, {"share", "share", true}},
                    .rows = {}};
  for (std::size_t i = 0; i < characteristic.size(); ++i)
    table.rows.push_back({fmt::format("{}", i + 1), characteristic[i]});
  return table;
}

}  // namespace

void IdentificationScores::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor& vectors = outputs.at(kProbabilities);
  const Tensor& target = targets.at(kTarget);
  const auto count = static_cast<std::size_t>(vectors.shape().at(0));
  if (target.dtype() != DType::i64 || target.size() != count)
    throw data_error("who is known", fmt::format("targets {}", to_string(target.shape())), "a number for each vector");
  if (vectors.shape().size() != 2 || vectors.shape()[1] != known_.vectors.shape().at(1))
    throw data_error("who is known", fmt::format("vectors {}", to_string(vectors.shape())),
                     fmt::format("as wide as those of the known identities, {}", to_string(known_.vectors.shape())));
  const auto values = vectors.as<float>();
  if (std::ranges::any_of(values, [](float value) { return !std::isfinite(value); }))
    throw data_error("who is known", "a vector with values that are not finite", "numbers");
  const std::size_t width = values.size() / std::max<std::size_t>(count, 1);
  for (std::size_t i = 0; i < count; ++i)
    probes_.push_back(probe_of(known_.vectors, values.data() + i * width, target.as<std::int64_t>()[i]));
}

void IdentificationScores::report(MetricsReport& report) const {
  std::size_t identities = 0, known = 0, first = 0;
  for (std::int64_t i = 0; i < known_.vectors.shape()[0]; ++i)
    identities += is_nobody(row_of(known_.vectors, static_cast<std::size_t>(i))) ? 0 : 1;
  for (const Probe& probe : probes_) {
    known += probe.stranger ? 0 : 1;
    first += !probe.stranger && probe.rank == 1 ? 1 : 0;
  }
  const Strangers strangers = strangers_of(probes_);
  MetricValue rank = share_of(
      known == 0 ? kNan : static_cast<double>(first) / static_cast<double>(known), known, "rank_1",
      strangers.are_there ? fmt::format("nearest is the right identity (rank 1), of the {} of somebody known", known)
                          : "nearest is the right identity (rank 1)");
  rank.baseline = Baseline{1 / static_cast<double>(std::max<std::size_t>(identities, 1)), "guessing"};
  report.values.push_back(std::move(rank));
  const OpenSetPoint own = at_identification_threshold(probes_, known_.threshold);
  report.values.push_back(share_of(own.identifications, known, "identification_rate",
                                   fmt::format("named rightly at the model's threshold, {:.4f}", known_.threshold)));
  MetricValue falsely = share_of(
      own.false_identifications, strangers.count, "false_identification_rate",
      fmt::format("{} at the model's threshold", strangers.are_there ? counted(strangers.count, "stranger") + " named"
                                                                     : "named as somebody else, where not known"));
  falsely.higher_is_better = false;
  report.values.push_back(std::move(falsely));
  if (probes_.empty()) return;
  report.tables.push_back(open_set(probes_, strangers));
  report.tables.push_back(match_table(match_characteristic(probes_, std::min(kRanks, identities))));
}

}  // namespace enxerto
