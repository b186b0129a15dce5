#pragma once
#include <cstdint>
#include <span>

#include "enxerto/transfer/phase.h"

namespace enxerto {

/// What is left of a run's time before a phase.
struct TimeLeft {
  double seconds = 0;
  std::span<const Phase> phases;  ///< that have to fit: this one, and those behind it
  bool refits = false;            ///< they run twice
};

/// Epochs of the first of the phases that fit: its share of the time goes by epochs, and a tenth is kept for what comes
/// after. At least 1, at most its own.
std::int64_t epochs_that_fit(const TimeLeft& left, double epoch_seconds);

/// Fewer epochs, with a warm-up that is still shorter than half of them. 0 epochs: as it is.
void shorten(Phase& phase, std::int64_t epochs);

}  // namespace enxerto
