#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/data/row_nouns.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/report/curve_words.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/check_phase.h"
#include "enxerto/transfer/further_figures.h"
#include "enxerto/workflow/near_copies.h"
#include "enxerto/workflow/plain_report.h"
#include "enxerto/workflow/rehearsal.h"
#include "enxerto/workflow/score_words.h"
#include "enxerto/workflow/training_run.h"

namespace enxerto {

std::string TrainingRun::name_of_phase(std::size_t number) const {
  return (is_refit(number) ? "refit, " : "") + phase_name(number % phases_.size(), phase_of(number));
}

PhaseReport TrainingRun::reported(std::size_t number) const {
  PhaseReport report = plain(state_.finished[number], name_of_phase(number), phase_of(number),
                             {.part = curves_part(report_), .own_rate = own_rate_});
  report.diverged = !report.phase.solved_exactly() && is_diverging(state_.finished[number].history);
  const PhaseNotes& notes = state_.notes.at(number);
  report.frozen = notes.frozen;
  report.prefix_precision = name_of(notes.prefix);
  report.precision = name_of(notes.precision);
  report.learning_rate = notes.learning_rate;
  report.accumulation_steps = notes.accumulation_steps;
  report.learned_values = to_size(notes.learned_values);
  if (const std::optional<Score>& score = state_.finished[number].score;
      score && !is_refit(number) && !folds_.empty()) {
    report.score = score_words(*score, MetricSet(phase_metrics(context_)).report(), folds_.size() + 1);
    report.summary.push_back(report.score);
  }
  return report;
}

/// A batch that was asked for and is now found to be larger than what can be learned from, because of groups, copies or
/// examples that cannot be read, is no reason to throw away what was computed.
void TrainingRun::settle_batches() {
  const auto most = static_cast<std::int64_t>(context_.training.size());
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    if (const std::int64_t asked = phases_[i].batch_size; most > 0 && asked > most && !phases_[i].solved_exactly()) {
      progress_.notice(fmt::format("{}: a batch holds all {} training {}, not {}", name_of_phase(i), most,
                                   nouns_of_rows(data_.all->info(), *context_.preprocessor), asked));
      phases_[i].batch_size = most;
      phases_[i].accumulation_steps = std::min(phases_[i].accumulation_steps, most);
    }
    settle_batch_size(phases_[i], context_.training.size(), name_of_phase(i));
  }
}

/// Byte for byte an example that was saved again is another one. Only where all features are at hand: to compute them
/// for this would cost as much as a run.
void TrainingRun::notice_nearly_learned() {
  if (context_.ready == nullptr) return;
  const NearCopyEvidence evidence{ready_.all().stored, *context_.preprocessor, context_.extraction.threads};
  report_.test_nearly_learned =
      notice_near_copies(rows(), roles_, {roles_.train, roles_.test, "test"}, evidence, progress_);
  if (context_.validation_chooses)
    (void)notice_near_copies(rows(), roles_, {roles_.train, roles_.validation, "validation"}, evidence, progress_);
}

/// Phases as the loss of the task can run them.
void TrainingRun::suit_loss() {
  for (std::size_t i = 0; i < phases_.size(); ++i) {
    check_parts(phases_[i], context_.task->loss().kind, name_of_phase(i));
    if (task_kind().of_strangers && settle_monitor(phases_[i], context_.task->loss().kind, task_kind().monitor))
      progress_.notice(fmt::format("{}: monitor = {}: validation examples have no centre that the loss knows",
                                   name_of_phase(i), phases_[i].early_stopping.monitor));
  }
  report_.recipe.phases = phases_;
}

}  // namespace enxerto
