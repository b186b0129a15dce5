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

Probe probe_of(const Tensor& known, const float* vector, std::int64_t own) {
  const auto count = static_cast<std::size_t>(known.shape()[0]), width = static_cast<std::size_t>(known.shape()[1]);
  const float* rows = known.as<float>().data();
  const auto is_nobody = [&](std::size_t i) {
    return std::all_of(rows + i * width, rows + (i + 1) * width, [](float value) { return value == 0; });
  };
  Probe probe{.best_other = kNobody};
  probe.stranger = own < 0 || static_cast<std::size_t>(own) >= count || is_nobody(static_cast<std::size_t>(own));
  if (!probe.stranger) probe.own = dot_product(rows + static_cast<std::size_t>(own) * width, vector, width);
  for (std::size_t i = 0; i < count; ++i) {
    if (static_cast<std::int64_t>(i) == own || is_nobody(i)) continue;
    const float score = dot_product(rows + i * width, vector, width);
    probe.best_other = std::max(probe.best_other, score);
    if (score >= probe.own) ++probe.rank;
  }
  return probe;
}

MetricTable open_set(const std::vector<Probe>& probes) {
  MetricTable table{.name = "open_set",
                    .title = "Naming where strangers come too",
                    .note =
                        "Each example was also held against the others' identities alone, as a stranger. Named is who "
                        "is nearest, where the cosine is at least the threshold.",
                    .columns = {{"rate", "strangers named"},
                                {"threshold", "threshold"},
                                {"identifications", "named rightly", true},
                                {"strangers", "strangers"}},
                    .rows = {}};
  const auto strangers = static_cast<std::size_t>(
      std::ranges::count_if(probes, [](const Probe& probe) { return probe.best_other > kNobody; }));
  for (const double rate : kStrangersNamed) {
    const std::string name = fmt::format("at most {:g} %", rate * 100);
    if (rate * static_cast<double>(strangers) < 1) {
      table.rows.push_back(
          {name, fmt::format("no support: {}", counted(strangers, "stranger")), kNan, std::uint64_t{strangers}});
      continue;
    }
    const OpenSetPoint point = at_false_identification_rate(probes, rate);
    table.rows.push_back({name, point.threshold, point.identifications, std::uint64_t{strangers}});
  }
  return table;
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
  const auto identities = static_cast<std::size_t>(known_.vectors.shape()[0]);
  std::size_t known = 0, first = 0;
  for (const Probe& probe : probes_) {
    known += probe.stranger ? 0 : 1;
    first += !probe.stranger && probe.rank == 1 ? 1 : 0;
  }
  report.values.push_back(
      {.name = "rank_1",
       .value = known == 0 ? kNan : static_cast<double>(first) / static_cast<double>(known),
       .interval = wilson_interval(first, known),
       .title = "nearest is the right identity (rank 1)",
       .baseline = Baseline{1 / static_cast<double>(std::max<std::size_t>(identities, 1)), "guessing"}});
  const OpenSetPoint own = at_identification_threshold(probes_, known_.threshold);
  report.values.push_back({.name = "identification_rate",
                           .value = own.identifications,
                           .title = fmt::format("named rightly at the model's threshold, {:.4f}", known_.threshold)});
  report.values.push_back({.name = "false_identification_rate",
                           .value = own.false_identifications,
                           .higher_is_better = false,
                           .title = "strangers named at the model's threshold"});
  if (probes_.empty()) return;
  report.tables.push_back(open_set(probes_));
  report.tables.push_back(match_table(match_characteristic(probes_, std::min(kRanks, identities))));
}

}  // namespace enxerto
