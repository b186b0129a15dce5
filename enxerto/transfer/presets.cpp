#include "enxerto/transfer/presets.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMostEpochs = 5, kFewestEpochs = 3;
constexpr std::int64_t kMostPresetViews = 10;
constexpr std::int64_t kTunedViews = 4;  ///< of what is frozen before tuned stages: more cost more than they gave
constexpr std::int64_t kFewExamples = 300;
constexpr double kBlockDropout = 0.1;  ///< as in pretraining (Devlin et al. 2019)

/// How networks of a kind are tuned; the first row whose facts fit.
struct Tuning {
  bool (*fits)(const PresetOptions& options);
  double rate, full_rate;  ///< of the last stages, and of the whole network
  double layer_decay;
  std::string_view schedule;
  std::int64_t epochs;  ///< 0: by the number of examples
  double warmup_factor;
  double averaged = 0;  ///< share of the steps that the moving average of the weights looks back on; 0: none
};
constexpr std::array kTunings{
    // As ULMFiT (Howard, Ruder 2018): rates fall by 2.6 a layer.
    Tuning{[](const PresetOptions& options) { return options.recurrent; }, 5e-3, 1e-3, 1 / 2.6, "linear", 4, 0},
    // As BERT's authors do (Devlin et al. 2019), and those of transformers' examples, with what they drop
    // (`kBlockDropout`): without that, 5e-5 was too much for the whole network (docs/performance.md).
    Tuning{[](const PresetOptions& options) { return options.tokens; }, 5e-5, 5e-5, 1, "linear", 3, 0},
    // Of few examples ten epochs: where the head is nearly always right they gain nothing at any rate, and the folds
    // have to choose it; where it is not they gain most at this one (docs/performance.md).
    Tuning{[](const PresetOptions& options) { return options.batch_norm && options.examples < kFewExamples; }, 1e-3,
           5e-5, 0.7, "cosine", 10, 0.1},
    // Twice that, and few epochs, where there are more: the moving average makes up for what a high rate leaves
    // undecided, and five epochs with it are better than eighteen without (docs/performance.md).
    Tuning{[](const PresetOptions& options) { return options.batch_norm; }, 2e-3, 5e-4, 0.7, "cosine", 0, 0.1, 0.25},
    Tuning{[](const PresetOptions&) { return true; }, 1e-4, 5e-5, 0.7, "cosine", 0, 0.1},
};

const Tuning& tuning_of(const PresetOptions& options) {
  return *std::ranges::find_if(kTunings, [&](const Tuning& row) { return row.fits(options); });
}

/// Epochs for so many examples, unless the row of `kTunings` says otherwise: 5 up to 8,000, 3 from 22,500 on. Steps
/// grow with the square root of the examples there, as the work that pays does.
std::int64_t tuning_epochs(const PresetOptions& options) {
  if (const std::int64_t epochs = tuning_of(options).epochs; epochs > 0) return epochs;
  const double fitting = std::round(450 / std::sqrt(static_cast<double>(std::max<std::int64_t>(options.examples, 1))));
  return std::clamp(static_cast<std::int64_t>(fitting), kFewestEpochs, kMostEpochs);
}

/// The decay of a moving average that looks back on so many of the steps of a phase.
double averaging_decay(const Phase& phase, const PresetOptions& options) {
  const double share = tuning_of(options).averaged;
  const std::int64_t batch = phase.batch_size > 0 ? phase.batch_size : kUsualBatch;
  const double steps =
      std::ceil(static_cast<double>(options.examples) / static_cast<double>(batch)) * static_cast<double>(phase.epochs);
  return share > 0 && share * steps > 1 ? 1 - 1 / (share * steps) : 0;
}

/// What phases are compared by. Mixed examples keep probabilities honest, and then the loss of a hundred examples tells
/// apart what their accuracy does not; few examples are compared over folds.
std::string compared_by(const PresetOptions& options) {
  const bool mixed = options.augmentation.mixup > 0 && options.batch_norm && options.examples >= kFewExamples;
  return mixed ? "val_loss" : options.monitor;
}

Phase head_phase(const PresetOptions& options) {
  Phase phase;
  phase.train_from = kHeadStage;
  phase.early_stopping.monitor = compared_by(options);
  if (options.linear_head) {
    phase.optimizer.kind = kExact.name;
    return phase;
  }
  phase.epochs = options.epochs;
  phase.batch_size = options.batch_size;
  return phase;
}

/// Up to so many examples a head that is solved on augmented views of them is better than one of the plain ones alone,
/// and costs little.
constexpr std::int64_t kFewForViews = 500;

/// The exact head, and of few examples another one on their views. The two are compared by the loss, which tells more
/// of such a difference than what is told right or wrong: views harm where what is changed in them decides.
std::vector<Phase> head_phases(const PresetOptions& options) {
  std::vector<Phase> phases{head_phase(options)};
  Augmentation changes = options.augmentation;
  changes.mixup = changes.cutmix = 0;
  if (!options.linear_head || options.examples > kFewForViews || changes == Augmentation{}) return phases;
  phases.push_back(phases.front());
  phases.front().early_stopping.monitor = "val_loss";
  phases.back().augmentation = changes;
  phases.back().views = kMostPresetViews;
  return phases;
}

/// The head, and then other phases.
std::vector<Phase> after_the_head(const PresetOptions& options, const std::vector<Phase>& others) {
  std::vector<Phase> phases = head_phases(options);
  phases.insert(phases.end(), others.begin(), others.end());
  return phases;
}

/// Rates that fall towards the input (Howard, Ruder 2018), a cosine after a warm-up (Loshchilov, Hutter 2017),
/// decoupled weight decay (the same, 2019), or what `kTunings` has for such a network. Batch normalisation keeps the
/// statistics of pretraining, so what is frozen is cached.
Phase tuning_phase(const std::string& from, const PresetOptions& options) {
  Phase phase;
  phase.train_from = from;
  phase.epochs = tuning_epochs(options);
  phase.batch_size = options.batch_size;
  phase.optimizer.kind = "adamw";
  const Tuning& tuning = tuning_of(options);
  phase.learning_rate = tuning.rate;
  phase.layer_decay = tuning.layer_decay;
  phase.weight_decay = 0.01;
  phase.clip_norm = 1;
  phase.schedule.kind = tuning.schedule;
  phase.schedule.warmup_epochs = std::min(1.0, 0.1 * static_cast<double>(phase.epochs));
  phase.schedule.warmup_factor = tuning.warmup_factor;
  // A rate that falls to 0 at the end is a schedule of all its epochs, of which the last is the one that is meant.
  phase.early_stopping = {.monitor = compared_by(options), .patience = 0, .restore_best = false};
  phase.augmentation = options.augmentation;
  phase.views = std::min(kTunedViews, phase.epochs);
  phase.ema_decay = averaging_decay(phase, options);
  return phase;
}

using Stages = std::span<const StageCost>;  // without the head

/// Whether a stage of which blocks can drop something is trained from `from` on.
bool drops(Stages stages, const std::string& from, const PresetOptions& options) {
  auto stage = std::ranges::find(stages, from, &StageCost::stage);
  if (from == "all") stage = stages.begin();
  return std::any_of(stage, stages.end(), [&](const StageCost& trained) {
    return std::ranges::find(options.dropping, trained.stage) != options.dropping.end();
  });
}

/// The first of the last stages that cost at most `share` of what all cost. At least one that has weights to multiply
/// with is among them: a normalisation at the end is no stage to be tuned alone.
std::string last_stages(Stages stages, double share) {
  double all = 0;
  for (const StageCost& stage : stages) all += static_cast<double>(stage.flops);
  std::size_t from = stages.size() - 1;
  while (from > 0 && stages[from].flops == 0) --from;
  auto behind = static_cast<double>(stages[from].flops);
  while (from > 1 && behind + static_cast<double>(stages[from - 1].flops) <= share * all)
    behind += static_cast<double>(stages[--from].flops);
  return stages[from].stage;
}

/// What so few examples can tune without forgetting, and what so many can gain from.
double share_to_tune(const PresetOptions& options) { return options.examples < kFewExamples ? 0.4 : 0.6; }

std::vector<Phase> feature_extraction(Stages, const PresetOptions& options) {
  Phase head = head_phase(options);
  head.early_stopping = {};  // there is no other phase to be compared with
  return {head};
}

std::vector<Phase> fine_tune(Stages stages, const PresetOptions& options) {
  const bool given = std::ranges::find(stages, options.tuned_from, &StageCost::stage) != stages.end();
  const std::string from = given ? options.tuned_from : last_stages(stages, share_to_tune(options));
  return after_the_head(options, {tuning_phase(from, options)});
}

/// From the head down in steps (Howard, Ruder 2018), with half of the epochs in the steps on the way.
std::vector<Phase> gradual(Stages stages, const PresetOptions& options) {
  std::vector<Phase> phases;
  for (const double share : {0.2, 0.4, share_to_tune(options)}) {
    const std::string from = last_stages(stages, share);
    if (phases.empty() || from != phases.back().train_from) phases.push_back(tuning_phase(from, options));
  }
  const auto steps = static_cast<std::int64_t>(phases.size()) - 1;
  for (std::size_t i = 0; i + 1 < phases.size(); ++i) {
    phases[i].epochs = std::max<std::int64_t>(1, phases[i].epochs / (2 * steps));
    phases[i].schedule.warmup_epochs = std::min(0.5, 0.1 * static_cast<double>(phases[i].epochs));
    phases[i].views = std::min(phases[i].views, phases[i].epochs);
  }
  return after_the_head(options, phases);
}

std::vector<Phase> full(Stages stages, const PresetOptions& options) {
  const bool given = std::ranges::find(stages, options.full_from, &StageCost::stage) != stages.end();
  Phase all = tuning_phase(given ? options.full_from : "all", options);
  all.learning_rate = tuning_of(options).full_rate;
  if (!given) all.views = 0;  // nothing is frozen, so nothing is cached
  return after_the_head(options, {all});
}

/// The first stage that learns; what is before it can be computed once.
std::string first_learner(Stages stages) {
  const auto learner = std::ranges::find_if(stages, [](const StageCost& stage) { return stage.parameters > 0; });
  return learner == stages.begin() || learner == stages.end() ? "all" : learner->stage;
}

std::vector<Phase> scratch(Stages stages, const PresetOptions& options) {
  Phase all;
  all.train_from = first_learner(stages);
  all.epochs = options.epochs;
  all.batch_size = options.batch_size;
  all.optimizer.kind = "adamw";
  all.weight_decay = 0.05;
  all.clip_norm = 1;
  all.batch_norm = BatchNormPolicy::train;
  all.schedule.kind = "one_cycle";
  all.early_stopping = {.monitor = options.monitor, .patience = 0, .restore_best = false};
  all.augmentation = options.augmentation;
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
    Preset{"fine-tune", "the head, then the last stages too, with augmentation, low rates and a cosine", true,
           fine_tune},
    Preset{"gradual", "the head, then more of the last stages in each phase, as in fine-tune", true, gradual},
    Preset{"full", "the head, then the whole network, with augmentation and lower rates for lower stages", true, full},
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

std::vector<Phase> preset_phases(std::string_view name, std::span<const StageCost> stages,
                                 const PresetOptions& options) {
  const Preset& preset = find(name);
  const Stages body =
      stages.first(static_cast<std::size_t>(std::ranges::find(stages, kHeadStage, &StageCost::stage) - stages.begin()));
  if (preset.tunes && body.empty()) {
    throw usage_error(fmt::format("preset '{}'", name), "the network has no stage before its head",
                      "a backbone with stages", "feature-extraction");
  }
  std::vector<Phase> phases = preset.make(body, options);
  if (!options.tokens || options.recurrent || !preset.tunes) return phases;
  for (Phase& phase : phases)
    if (!phase.solved_exactly() && drops(body, phase.train_from, options)) phase.block_dropout = kBlockDropout;
  return phases;
}

}  // namespace enxerto
