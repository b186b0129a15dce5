#include "enxerto/metrics/identification_curve.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "enxerto/metrics/interval.h"

namespace enxerto {

std::vector<double> match_characteristic(std::span<const Probe> probes, std::size_t ranks) {
  std::vector<double> shares(ranks);
  double known = 0;
  for (const Probe& probe : probes) {
    if (probe.stranger) continue;
    known += 1;
    for (std::size_t rank = probe.rank; rank <= ranks; ++rank) shares[rank - 1] += 1;
  }
  for (double& share : shares) share = known > 0 ? share / known : kNan;
  return shares;
}

namespace {

/// What strangers score.
std::vector<float> strangers_scores(std::span<const Probe> probes) {
  const bool are_there = std::ranges::any_of(probes, &Probe::stranger);
  std::vector<float> scores;
  for (const Probe& probe : probes)
    if (probe.stranger || !are_there) scores.push_back(probe.best_other);
  return scores;
}

}  // namespace

OpenSetPoint at_identification_threshold(std::span<const Probe> probes, double threshold) {
  const std::vector<float> strangers = strangers_scores(probes);
  const auto reaches = [&](float score) { return static_cast<double>(score) >= threshold; };
  double known = 0, named = 0;
  for (const Probe& probe : probes) {
    if (probe.stranger) continue;
    known += 1;
    if (probe.rank == 1 && reaches(probe.own)) named += 1;
  }
  const auto falsely = static_cast<double>(std::ranges::count_if(strangers, reaches));
  return {.threshold = threshold,
          .false_identifications = strangers.empty() ? kNan : falsely / static_cast<double>(strangers.size()),
          .identifications = known > 0 ? named / known : kNan};
}

OpenSetPoint at_false_identification_rate(std::span<const Probe> probes, double rate) {
  std::vector<float> scores = strangers_scores(probes);
  if (scores.empty()) return {.threshold = kNan, .false_identifications = kNan, .identifications = kNan};
  std::ranges::sort(scores, std::greater());
  const auto allowed = static_cast<std::size_t>(std::floor(rate * static_cast<double>(scores.size()) + 1e-9));
  if (allowed >= scores.size()) return at_identification_threshold(probes, static_cast<double>(scores.back()));
  // The first score that may not be reached; the threshold is just above it.
  const float above = std::nextafter(scores[allowed], std::numeric_limits<float>::infinity());
  return at_identification_threshold(probes, static_cast<double>(above));
}

}  // namespace enxerto
