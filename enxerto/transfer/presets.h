#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/transfer/phase.h"

namespace enxerto {

/// "feature-extraction", "fine-tune", "gradual", "full", "scratch".
std::vector<std::string> preset_names();

/// One line that says what a preset does. Throws Error{usage} as `preset_phases`.
std::string preset_summary(std::string_view name);

struct PresetOptions {
  bool linear_head = true;         ///< the head can be solved exactly (lbfgs), and is
  std::int64_t epochs = 10;        ///< of the first phase, where it has epochs
  std::int64_t tuning_epochs = 5;  ///< of each later phase
  std::int64_t batch_size = 0;     ///< of phases that make steps
};

/// The phases of a preset for a network with these stages, from its input to "head". Throws Error{usage} for an unknown
/// name (naming the nearest) and a network without a stage before the head where one is to be tuned.
std::vector<Phase> preset_phases(std::string_view name, std::span<const std::string> stages,
                                 const PresetOptions& options = {});

}  // namespace enxerto
