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

OpenSetPoint at_identification_threshold(std::span<const Probe> probes, double threshold) {
  OpenSetPoint point{.threshold = threshold};
  double known = 0;
  for (const Probe& probe : probes) {
    if (static_cast<double>(probe.best_other) >= threshold) point.false_identifications += 1;
    if (probe.stranger) continue;
    known += 1;
    if (probe.rank == 1 && static_cast<double>(probe.own) >= threshold) point.identifications += 1;
  }
  point.false_identifications =
      probes.empty() ? kNan : point.false_identifications / static_cast<double>(probes.size());
  point.identifications = known > 0 ? point.identifications / known : kNan;
  return point;
}

OpenSetPoint at_false_identification_rate(std::span<const Probe> probes, double rate) {
  if (probes.empty()) return {.threshold = kNan, .false_identifications = kNan, .identifications = kNan};
  std::vector<float> scores;
  for (const Probe& probe : probes) scores.push_back(probe.best_other);
  std::ranges::sort(scores, std::greater());
  const auto allowed = static_cast<std::size_t>(std::floor(rate * static_cast<double>(scores.size()) + 1e-9));
  if (allowed >= scores.size()) return at_identification_threshold(probes, static_cast<double>(scores.back()));
  // The first score that may not be reached; the threshold is just above it.
  const float above = std::nextafter(scores[allowed], std::numeric_limits<float>::infinity());
  return at_identification_threshold(probes, static_cast<double>(above));
}

}  // namespace enxerto
