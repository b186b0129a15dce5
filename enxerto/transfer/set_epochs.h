#pragma once
#include <algorithm>
#include <cstdint>

#include "enxerto/transfer/phase.h"

namespace enxerto {

/// Makes a phase take `epochs`, at least 1, with a warm-up that stays at most half of them, and a mean of no more.
inline void set_epochs(Phase& phase, std::int64_t epochs) {
  phase.epochs = epochs;
  if (phase.average_epochs > epochs) phase.average_epochs = epochs > 1 ? epochs : 0;
  phase.schedule.warmup_epochs = std::min(phase.schedule.warmup_epochs, 0.5 * static_cast<double>(epochs));
}

}  // namespace enxerto
