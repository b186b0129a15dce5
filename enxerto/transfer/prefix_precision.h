#pragma once
#include <optional>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/training/run_settings.h"

namespace enxerto {

/// The precision that the frozen prefix runs in, and how far it is from fp32 on the user's own examples.
struct PrefixPrecision {
  Precision chosen = Precision::fp32;
  AskedPrecision requested = AskedPrecision::automatic;
  std::optional<double> min_cosine;    ///< smallest cosine between an example's features in both precisions
  std::optional<double> equal_labels;  ///< share of examples that the head labels equally in both
  std::string reason;
};

/// The least share of equally labelled examples that "auto" accepts, beside the engine's `kAgreement` of features.
inline constexpr double kLeastEqualLabels = 0.995;

/// `automatic` measures both on a sample of `dataset`, remembers what it chose in the
/// cache, and stays with fp32 for fewer than 512 examples, where the measurement costs more than it gains.
/// `source.precision` is ignored.
PrefixPrecision resolve_precision(AskedPrecision requested, const FeatureSource& source, const Dataset& dataset,
                                  const ExtractOptions& options, Progress& progress = no_progress());

/// Share of rows to which the classifier gives the same label.
double equal_labels(const LinearClassifier& classifier, const Rows& a, const Rows& b, int threads);

}  // namespace enxerto
