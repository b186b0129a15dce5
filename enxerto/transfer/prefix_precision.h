#pragma once
#include <optional>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"
#include "enxerto/training/run_settings.h"

namespace enxerto {

/// The precision that the frozen prefix runs in, and how far it is from fp32 on the user's own examples.
struct PrefixPrecision {
  Precision chosen = Precision::fp32;
  AskedPrecision requested = AskedPrecision::automatic;
  std::optional<double> min_cosine;    ///< smallest cosine between an example's features in both precisions
  std::optional<double> equal_labels;  ///< how far an exact head says the same in both (`ExactSolver::agreement`)
  std::string reason;
};

/// The least agreement of an exact head that "auto" accepts, beside the engine's `kAgreement` of features.
inline constexpr double kLeastEqualLabels = 0.995;

/// `automatic` measures both on a sample of `dataset`, remembers what it chose in the
/// cache, and stays with fp32 for fewer than 512 examples, where the measurement costs more than it gains.
/// `source.precision` is ignored.
PrefixPrecision resolve_precision(AskedPrecision requested, const FeatureSource& source, const Dataset& dataset,
                                  const ExtractOptions& options, Progress& progress = no_progress());

}  // namespace enxerto
