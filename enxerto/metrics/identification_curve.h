#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace enxerto {

/// What an example scored against the identities that are known.
struct Probe {
  float own = 0;          ///< its own identity; not looked at for a stranger
  float best_other = 0;   ///< the best of the others
  std::size_t rank = 1;   ///< of its own among all: 1, the best; ties count against it
  bool stranger = false;  ///< its identity is not known
};

/// The cumulative match characteristic: share of the probes that are no strangers whose own identity is among the best
/// 1, 2, .. `ranks`. Not a number without one.
std::vector<double> match_characteristic(std::span<const Probe> probes, std::size_t ranks);

/// Open set identification (Phillips, Grother, Micheals 2011): what is named from `threshold` on. Where no probe is a
/// stranger, each is one too: against the others' identities alone.
struct OpenSetPoint {
  double threshold = 0;
  double false_identifications = 0;  ///< share of strangers who are named
  double identifications = 0;        ///< share of the others who are named, and rightly
};

/// The lowest threshold at which at most this share of strangers is named. Not a number without one.
OpenSetPoint at_false_identification_rate(std::span<const Probe> probes, double rate);

/// The same at a threshold.
OpenSetPoint at_identification_threshold(std::span<const Probe> probes, double threshold);

}  // namespace enxerto
