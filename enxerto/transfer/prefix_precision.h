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

/// What "auto" is judged by where bf16 is faster.
enum class PrecisionJudge {
  features,  ///< the cosine of the features in both: the engine's `kAgreement`
  loss,      ///< the cross-validated loss of an exact head in both, once there are features to solve it on
};

/// How much larger the loss may be in bf16, as a share: far less than another choice of folds changes it by.
inline constexpr double kLossTolerance = 0.02;

/// `automatic` measures both on a sample of `dataset`, remembers what it chose in the cache, and stays with fp32 for
/// fewer than 512 examples, where the measurement costs more than it gains. Where the loss is to judge, bf16 is chosen
/// for the time being unless the features differ wildly. `source.precision` is ignored.
PrefixPrecision resolve_precision(AskedPrecision requested, const FeatureSource& source, const Dataset& dataset,
                                  const ExtractOptions& options, Progress& progress = no_progress(),
                                  PrecisionJudge judge = PrecisionJudge::features);

/// The verdict on a bf16 that was chosen for the time being, by the loss of the head in both; where there is no loss
/// (too few examples), by the cosine of the features. What was found is put into the reason.
PrefixPrecision judged(PrefixPrecision provisional, std::optional<double> loss_bf16, std::optional<double> loss_fp32);

}  // namespace enxerto
