#include "enxerto/workflow/ineffective_keys.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/heads/loss.h"
#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {
namespace {

/// When a key matters, and what is said where it does not.
struct KeyUse {
  std::string_view table, key;
  bool (*matters)(const RunFacts& run);
  std::string_view reason;
  std::string_view tip = "";
};

constexpr std::string_view kNoSteps = "every phase is solved exactly, without steps";
constexpr std::string_view kStep = R"(training.preset = "fine-tune", or training.optimizer = "adam")";

constexpr std::string_view kUsualPool = "avg";  // what runs of pooled features write into their recipes

bool any_steps(const RunFacts& run) { return run.steps(); }
bool last_steps(const RunFacts& run) { return !run.phases.back().solved_exactly(); }
bool has_hidden(const RunFacts& run) { return run.layers; }
bool is_cached(const RunFacts& run) { return run.asked.run.cache.enabled; }

constexpr std::array kKeyUses{
    KeyUse{"data", "test_split", [](const RunFacts& run) { return !run.has_test; }, "there is test data",
           "leave out the test data"},
    KeyUse{"data", "validation_split", any_steps, "an exact head chooses nothing by validation examples", kStep},
    KeyUse{"task", "false_accept_rate", [](const RunFacts& run) { return run.decides; }, "the task sets no threshold",
           "a task that compares identities"},
    KeyUse{"head", "pool", [](const RunFacts& run) { return run.pools || run.asked.head.pool == kUsualPool; },
           "the network's features are pooled already"},
    KeyUse{"head", "pool", [](const RunFacts& run) { return !run.maps || run.asked.head.pool == kUsualPool; },
           "the head takes whole maps"},
    KeyUse{"head", "features", [](const RunFacts& run) { return run.maps; }, "the head takes the last features alone"},
    KeyUse{"head", "activation", has_hidden, "the head has no hidden layer", "head.hidden = [256]"},
    KeyUse{"head", "batch_norm", has_hidden, "the head has no hidden layer", "head.hidden = [256]"},
    KeyUse{"head", "init", [](const RunFacts& run) { return !run.phases.front().solved_exactly(); },
           "the head is solved exactly, wherever it begins", kStep},
    KeyUse{"head", "init", [](const RunFacts& run) { return run.draws; }, "such a head begins in a way of its own"},
    KeyUse{"head", "l2", [](const RunFacts& run) { return run.solves(); }, "no head is solved exactly",
           "weight_decay of a [[phase]]"},
    KeyUse{"loss", "label_smoothing",
           [](const RunFacts& run) { return loss_target(run.loss.kind) != LossTarget::values; },
           "numbers have no classes to spread a target over"},
    KeyUse{"loss", "focal_gamma",
           [](const RunFacts& run) { return run.loss.kind == "focal" || run.loss.kind == "binary_focal"; },
           "the loss is not focal", R"(loss.kind = "focal")"},
    KeyUse{"loss", "focal_alpha", [](const RunFacts& run) { return run.loss.kind == "binary_focal"; },
           "the loss is not binary_focal", R"(loss.kind = "binary_focal")"},
    KeyUse{"loss", "huber_delta", [](const RunFacts& run) { return run.loss.kind == "huber"; }, "the loss is not huber",
           R"(loss.kind = "huber")"},
    KeyUse{"loss", "margin",
           [](const RunFacts& run) {
             const LossTarget target = loss_target(run.loss.kind);
             return target == LossTarget::identity || target == LossTarget::centre;
           },
           "the loss has no margin", R"(loss.kind = "triplet")"},
    KeyUse{"loss", "scale", [](const RunFacts& run) { return loss_target(run.loss.kind) == LossTarget::centre; },
           "the loss has no scale", R"(loss.kind = "arcface")"},
    KeyUse{"training", "epochs", last_steps, "the last phase is solved exactly, without steps", kStep},
    KeyUse{"training", "batch_size", last_steps, "the last phase is solved exactly, without steps", kStep},
    KeyUse{"training", "learning_rate", last_steps, "the last phase is solved exactly, without steps", kStep},
    KeyUse{"training", "precision", any_steps, kNoSteps, kStep},
    KeyUse{"training", "checkpoint_seconds", any_steps, kNoSteps, kStep},
    KeyUse{"training", "device", any_steps, kNoSteps, kStep},
    KeyUse{"run", "precision",
           [](const RunFacts& run) {
             return std::ranges::any_of(run.phases, [](const Phase& phase) { return phase.train_from != "all"; });
           },
           "nothing of the network is frozen", "precision of [training]"},
    KeyUse{"backbone", "vocabulary", [](const RunFacts& run) { return run.learns_words; },
           "the backbone has its own vocabulary"},
    KeyUse{"backbone", "vocabulary_size", [](const RunFacts& run) { return run.asked.backbone.vocabulary == "pieces"; },
           "no pieces are learned", R"(backbone.vocabulary = "pieces")"},
    KeyUse{"cache", "directory", is_cached, "the cache is not used"},
    KeyUse{"cache", "limit_gb", is_cached, "the cache is not used"},
};

/// The same of a key of a phase.
struct PhaseKeyUse {
  std::string_view key;
  bool (*matters)(const Phase& phase);
  std::string_view reason;
};

bool by_steps(const Phase& phase) { return !phase.solved_exactly(); }
bool is_augmented(const Phase& phase) { return phase.augmentation != Augmentation{}; }
bool mixes(const Phase& phase) { return phase.augmentation.mixup > 0 || phase.augmentation.cutmix > 0; }
bool has_views_of_epochs(const Phase& phase) { return by_steps(phase) || (is_augmented(phase) && phase.views == 0); }
bool has_batches(const Phase& phase) { return by_steps(phase) || phase.batch_norm == BatchNormPolicy::recompute; }

/// The schedule is one of these.
template <typename... Kinds>
bool has_schedule(const Phase& phase, Kinds... kinds) {
  return by_steps(phase) && ((phase.schedule.kind == kinds) || ...);
}

constexpr std::string_view kNoLora = "there is no lora_rank";

bool has_lora(const Phase& phase) { return phase.lora_rank > 0; }

constexpr std::string_view kOtherSchedule = "the schedule is another one";
constexpr std::string_view kExactPhase = "the phase is solved exactly, without steps";

constexpr std::array kPhaseKeys{
    PhaseKeyUse{"epochs", has_views_of_epochs, kExactPhase},
    PhaseKeyUse{"steps_per_epoch", by_steps, kExactPhase},
    PhaseKeyUse{"batch_size", has_batches, kExactPhase},
    PhaseKeyUse{"batch_tokens", by_steps, kExactPhase},
    PhaseKeyUse{"learning_rate", by_steps, kExactPhase},
    PhaseKeyUse{"learning_rate", [](const Phase& phase) { return !phase.lr_find; }, "lr_find chooses it"},
    PhaseKeyUse{"lr_find", by_steps, kExactPhase},
    PhaseKeyUse{"layer_decay", by_steps, kExactPhase},
    PhaseKeyUse{"layer_decay", [](const Phase& phase) { return phase.train_from != kHeadStage; },
                "the head is the only stage that is trained"},
    PhaseKeyUse{"weight_decay", by_steps, kExactPhase},
    PhaseKeyUse{"decay_all", [](const Phase& phase) { return phase.weight_decay > 0; }, "there is no weight_decay"},
    PhaseKeyUse{"clip_norm", by_steps, kExactPhase},
    PhaseKeyUse{"accumulation_steps", by_steps, kExactPhase},
    PhaseKeyUse{"average_epochs", by_steps, kExactPhase},
    PhaseKeyUse{"average_epochs", [](const Phase& phase) { return phase.early_stopping.monitor != "loss"; },
                "the training loss, which `monitor` names, is not measured of a mean of weights"},
    PhaseKeyUse{"ema_decay", by_steps, kExactPhase},
    PhaseKeyUse{"recurrent_dropout", by_steps, kExactPhase},
    PhaseKeyUse{"carry_state", by_steps, kExactPhase},
    PhaseKeyUse{"carry_state", [](const Phase& phase) { return phase.steps_per_epoch == 0; },
                "steps_per_epoch ends epochs, so that no state is carried"},
    PhaseKeyUse{"carry_state", [](const Phase& phase) { return phase.batch_tokens == 0; },
                "batch_tokens makes batches of like lengths, so that no state is carried"},
    PhaseKeyUse{"block_dropout", by_steps, kExactPhase},
    PhaseKeyUse{"lora_rank", by_steps, kExactPhase},
    PhaseKeyUse{"lora_alpha", has_lora, kNoLora},
    PhaseKeyUse{"lora_targets", has_lora, kNoLora},
    PhaseKeyUse{"views", is_augmented, "the phase has no augmentation"},
    PhaseKeyUse{"schedule", by_steps, kExactPhase},
    PhaseKeyUse{"warmup_epochs", by_steps, kExactPhase},
    PhaseKeyUse{"warmup_factor", [](const Phase& phase) { return by_steps(phase) && phase.schedule.warmup_epochs > 0; },
                "there is no warm-up"},
    PhaseKeyUse{"gamma",
                [](const Phase& phase) { return has_schedule(phase, "step", "exponential", "reduce_on_plateau"); },
                kOtherSchedule},
    PhaseKeyUse{"step_size", [](const Phase& phase) { return has_schedule(phase, "step"); }, kOtherSchedule},
    PhaseKeyUse{"end_factor", [](const Phase& phase) { return has_schedule(phase, "cosine", "linear"); },
                kOtherSchedule},
    PhaseKeyUse{"cycle_start", [](const Phase& phase) { return has_schedule(phase, "one_cycle"); }, kOtherSchedule},
    PhaseKeyUse{"pct_start", [](const Phase& phase) { return has_schedule(phase, "one_cycle"); }, kOtherSchedule},
    PhaseKeyUse{"plateau_patience", [](const Phase& phase) { return has_schedule(phase, "reduce_on_plateau"); },
                kOtherSchedule},
    PhaseKeyUse{"plateau_min_delta", [](const Phase& phase) { return has_schedule(phase, "reduce_on_plateau"); },
                kOtherSchedule},
    PhaseKeyUse{"randaugment_magnitude", [](const Phase& phase) { return phase.augmentation.randaugment > 0; },
                "there is no randaugment"},
    PhaseKeyUse{"min_delta", by_steps, kExactPhase},
    PhaseKeyUse{"patience", by_steps, kExactPhase},
    PhaseKeyUse{"restore_best", by_steps, kExactPhase},
    PhaseKeyUse{"mixup", [](const Phase& phase) { return by_steps(phase) || !mixes(phase); },
                "an exact solver learns from examples as they are"},
    PhaseKeyUse{"cutmix", [](const Phase& phase) { return by_steps(phase) || !mixes(phase); },
                "an exact solver learns from examples as they are"},
};

void refuse(const std::string& where, std::string_view reason, std::string_view tip) {
  throw usage_error(where, fmt::format("has no effect: {}", reason), "",
                    tip.empty() ? "leave it out" : fmt::format("leave it out, or {}", tip));
}

/// Keys that differ from their defaults.
template <typename Owner, typename Fields, typename Each>
void for_each_changed(const Owner& owner, Fields fields_of, Each each) {
  Owner given = owner, standard;
  const std::vector<RecipeField> fields = fields_of(given), defaults = fields_of(standard);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (written(fields[i].field) != written(defaults[i].field)) each(fields[i]);
}

}  // namespace

bool RunFacts::steps() const { return !std::ranges::all_of(phases, &Phase::solved_exactly); }

bool RunFacts::solves() const { return std::ranges::any_of(phases, &Phase::solved_exactly); }

void refuse_ineffective(const RunFacts& facts) {
  for_each_changed(facts.asked, recipe_fields, [&](const RecipeField& field) {
    for (const KeyUse& use : kKeyUses)
      if (use.table == field.table && use.key == field.field.key && !use.matters(facts))
        refuse(fmt::format("{}.{}", use.table, use.key), use.reason, use.tip);
  });
  for (std::size_t i = 0; i < facts.asked.phases.size(); ++i) {
    const Phase& phase = facts.phases[i];
    for_each_changed(facts.asked.phases[i], phase_fields, [&](const RecipeField& field) {
      for (const PhaseKeyUse& use : kPhaseKeys)
        if (use.key == field.field.key && !use.matters(phase))
          refuse(fmt::format("phase {}: {}", i + 1, use.key), use.reason, "");
    });
  }
}

}  // namespace enxerto
