#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A phase that learned with too large steps.
struct DivergedPhase {
  std::string name;
  double rate = 0;
  bool of_preset = false;  ///< which chose the rate
  bool is_last = false;    ///< whose rate an option changes
};

/// What a run has recorded that says how the next one could be better; what is not known stays as it is here.
struct AdviceFacts {
  std::size_t training_examples = 0, classes = 0;  ///< classes: 0 where examples have not one class each
  int size = 0, pretrained_size = 0;               ///< side of the input, px: that was used, and that of pretraining
  bool head_only = false;                          ///< everything but the head stayed frozen
  bool weighted = false;                           ///< classes were weighed by their frequency
  std::optional<DivergedPhase> diverged = {};      ///< the first
  bool improving = false;                          ///< the best phase was at its best in its last epoch
  std::string stronger = {};                       ///< the next larger backbone of the family
};

/// One change, and why: key and value are those of a recipe, "input.size" and "224"; empty where there is no such key.
struct Advice {
  std::string text, key, value;
};

/// The change that is likeliest to help, from the test figures and the facts; none where nothing is known, and where
/// there is nothing left to gain.
std::optional<Advice> advice(const MetricsReport& test, const AdviceFacts& facts);

}  // namespace enxerto
