#include "enxerto/workflow/next_step.h"

#include <algorithm>

#include "enxerto/graph/head_stage.h"
#include "enxerto/pretrained/family.h"
#include "enxerto/report/advice.h"
#include "enxerto/report/curve_words.h"
#include "enxerto/workflow/plain_report.h"

namespace enxerto {

std::optional<NextStep> next_step(const TrainReport& report, const PretrainedSpec& spec, bool own_rate) {
  AdviceFacts facts{
      .training_examples = report.train_examples + (report.refit.empty() ? 0 : report.validation_examples),
      .classes = report.test.confusion ? report.classes.size() : 0,
      .size = static_cast<int>(report.recipe.input.size),
      .pretrained_size = pretrained_size(spec)};
  facts.head_only =
      std::ranges::all_of(report.phases, [](const PhaseReport& one) { return one.phase.train_from == kHeadStage; });
  facts.weighted = report.recipe.head.class_weights == ClassWeights::balanced;
  for (const PhaseReport& phase : report.phases) {
    if (phase.best) facts.improving = still_improving(history_of(phase));
    if (phase.diverged && !facts.diverged)
      facts.diverged = DivergedPhase{.name = phase.name,
                                     .rate = phase.learning_rate,
                                     .of_preset = !own_rate,
                                     .is_last = &phase == &report.phases.back()};
  }
  facts.stronger = next_of_family(spec);
  const std::optional<Advice> found = advice(report.test, facts);
  if (!found) return std::nullopt;
  return NextStep{.text = found->text, .key = found->key, .value = found->value};
}

}  // namespace enxerto
