#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

struct LinearProbeOptions {
  double l2 = 0;          ///< 0: chosen by cross-validation on the training rows
  bool balanced = false;  ///< weigh each class inversely to its frequency
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: `usable_cores()`
};

/// A linear head on frozen features.
struct LinearProbe {
  FitReport fit;
  double l2 = 0;                   ///< that was used
  std::optional<L2Search> search;  ///< how it was chosen
  double search_seconds = 0, fit_seconds = 0;
};

/// Chooses l2 (unless given) and fits softmax regression on all rows.
LinearProbe linear_probe(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                         const LinearProbeOptions& options, Progress& progress = no_progress());

}  // namespace enxerto
