#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/cost.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// "feature-extraction", "fine-tune", "gradual", "full", "scratch".
std::vector<std::string> preset_names();

/// What a preset fits itself to.
struct PresetOptions {
  bool linear_head = true;       ///< the head can be solved exactly (lbfgs), and is
  std::int64_t examples = 1000;  ///< of training: the fewer, the fewer stages are tuned, in more epochs
  bool batch_norm = true;        ///< the network has batch normalisation, and takes higher rates than one without
  bool recurrent = false;        ///< it has recurrent layers
  bool tokens = false;           ///< its states are of tokens, as many as an example has
  std::string tuned_from = {};   ///< the first stage of `fine-tune`; "": by what the stages cost
  std::string full_from = {};    ///< the first stage of `full`; "": all are trained
  std::vector<std::string> dropping = {};  ///< stages of which `block_dropout` drops something
  std::string monitor = "val_loss";        ///< what the best phase is chosen by
  Augmentation augmentation = {};          ///< random changes that are usual for such examples
  std::int64_t epochs = 10;                ///< of a head that is trained in steps, and of `scratch`
  std::int64_t batch_size = 0;             ///< of phases that make steps; 0: left to the run
};

/// The phases of a preset for a network of these stages, from its input to "head". Throws Error{usage} for an unknown
/// name (naming the nearest) and a network without a stage before the head where one is to be tuned.
std::vector<Phase> preset_phases(std::string_view name, std::span<const StageCost> stages,
                                 const PresetOptions& options = {});

}  // namespace enxerto
