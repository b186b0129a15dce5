#include "enxerto/transfer/presets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"

namespace enxerto {
namespace {

constexpr double kTuningRate = 1e-5;  // a hundredth of Adam's usual rate

Phase head_phase(const PresetOptions& options) {
  Phase phase;
  phase.train_from = "head";
  if (options.linear_head) {
    phase.optimizer.kind = kExact.name;
    return phase;
  }
  phase.epochs = options.epochs;
  phase.batch_size = options.batch_size;
  return phase;
}

Phase tuning_phase(const std::string& from, const PresetOptions& options) {
  Phase phase;
  phase.train_from = from;
  phase.epochs = options.tuning_epochs;
  phase.batch_size = options.batch_size;
  phase.learning_rate = kTuningRate;
  return phase;
}

using Stages = std::span<const std::string>;  // without the head

std::vector<Phase> feature_extraction(Stages, const PresetOptions& options) { return {head_phase(options)}; }

std::vector<Phase> fine_tune(Stages stages, const PresetOptions& options) {
  return {head_phase(options), tuning_phase(stages.back(), options)};
}

/// ULMFiT's (Howard, Ruder 2018): an epoch for each cut on the way down, the rest with all unfrozen.
std::vector<Phase> gradual(Stages stages, const PresetOptions& options) {
  std::vector<Phase> phases{head_phase(options)};
  for (std::size_t i = stages.size(); i-- > 0;) {
    phases.push_back(tuning_phase(i == 0 ? "all" : stages[i], options));
    phases.back().layer_decay = 0.7;
    phases.back().epochs = i == 0 ? options.tuning_epochs : 1;
  }
  return phases;
}

std::vector<Phase> full(Stages, const PresetOptions& options) {
  Phase all = tuning_phase("all", options);
  all.optimizer.kind = "adamw";
  all.learning_rate = 1e-4;
  all.layer_decay = 0.7;
  all.weight_decay = 0.05;
  all.clip_norm = 1;
  all.schedule.kind = "cosine";
  all.schedule.warmup_epochs = options.tuning_epochs > 1 ? 1 : 0;
  all.early_stopping.patience = 0;  // a rate that falls to 0 at the end is a schedule of all its epochs
  return {head_phase(options), all};
}

std::vector<Phase> scratch(Stages, const PresetOptions& options) {
  Phase all;
  all.train_from = "all";
  all.epochs = options.epochs;
  all.batch_size = options.batch_size;
  all.optimizer.kind = "adamw";
  all.weight_decay = 0.05;
  all.clip_norm = 1;
  all.batch_norm = BatchNormPolicy::train;
  all.schedule.kind = "one_cycle";
  all.early_stopping.patience = 0;
  return {all};
}

struct Preset {
  std::string_view name, summary;
  bool tunes;  // needs a stage before the head
  std::vector<Phase> (*make)(Stages, const PresetOptions&);
};

constexpr std::array kPresets{
    Preset{"feature-extraction", "only the head is trained, on features that are computed once", false,
           feature_extraction},
    Preset{"fine-tune", "the head, then the head and the last stage at a hundredth of the learning rate", true,
           fine_tune},
    Preset{"gradual", "the head, then one more stage in each phase, with lower learning rates for lower stages", true,
           gradual},
    Preset{"full", "the head, then the whole network, with lower learning rates for lower stages", true, full},
    Preset{"scratch", "the whole network from random weights, with the one-cycle schedule", false, scratch},
};

const Preset& find(std::string_view name) {
  const auto* row = std::ranges::find(kPresets, name, &Preset::name);
  if (row != kPresets.end()) return *row;
  refuse_word("recipe: preset", name, preset_names());
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : kPresets) names.emplace_back(preset.name);
  return names;
}

std::string preset_summary(std::string_view name) { return std::string(find(name).summary); }

std::vector<Phase> preset_phases(std::string_view name, std::span<const std::string> stages,
                                 const PresetOptions& options) {
  const Preset& preset = find(name);
  const Stages body = stages.first(static_cast<std::size_t>(std::ranges::find(stages, "head") - stages.begin()));
  if (preset.tunes && body.empty()) {
    throw usage_error(fmt::format("preset '{}'", name), "the network has no stage before its head",
                      "a backbone with stages", "feature-extraction");
  }
  return preset.make(body, options);
}

}  // namespace enxerto
