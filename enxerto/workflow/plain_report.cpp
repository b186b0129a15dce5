#include "enxerto/workflow/plain_report.h"

#include <cstdint>

#include <fmt/format.h>

#include "enxerto/report/curve_words.h"

namespace enxerto {

std::string_view curves_part(const TrainReport& report) {
  return report.validation_examples > 0 ? "validation" : "test";
}

namespace {

/// "of epochs 3, 5 and 7, val_loss 0.3123".
std::string words_of(const EpochMean& mean) {
  std::string text = "of " + epochs_text(mean);
  for (const auto& [name, value] : mean.figures) text += fmt::format(", {} {:.4f}", name, value);
  return text;
}

}  // namespace

PhaseReport plain(const FinishedPhase& finished, const std::string& name, const Phase& phase,
                  const CurvesRead& curves) {
  PhaseReport report;
  report.name = name;
  report.phase = phase;
  report.epochs = finished.epochs;
  report.kept_epoch = finished.kept_epoch;
  if (finished.mean) report.mean = words_of(*finished.mean);
  report.steps = finished.steps;
  report.skipped_steps = finished.skipped_steps;
  report.stopped_early = finished.stopped_early;
  report.seconds = finished.history.seconds;
  for (const Series& series : finished.history.series) report.curves.emplace_back(series.name, series.values);
  if (!phase.solved_exactly()) report.summary = curve_words(finished.history, curves);
  return report;
}

PhaseHistory history_of(const PhaseReport& phase) {
  PhaseHistory history{.name = phase.name, .seconds = phase.seconds, .series = {}};
  for (const auto& [name, values] : phase.curves) history.series.push_back({name, values});
  return history;
}

PrecisionChoice plain(const PrefixPrecision& precision) {
  return {.requested = std::string(word_of(precision.requested)),
          .chosen = std::string(name_of(precision.chosen)),
          .min_cosine = precision.min_cosine,
          .equal_labels = precision.equal_labels,
          .reason = precision.reason};
}

void add_solved(TrainReport& report, const ExactHead& head, std::string_view solver) {
  report.solver = solver;
  report.l2 = head.l2;
  report.iterations = head.iterations;
  report.converged = head.converged;
  report.l2_chosen_by = head.chosen_by;
  report.l2_trials.clear();
  for (const ExactTrial& trial : head.trials) report.l2_trials.push_back({trial.l2, trial.figures});
}

}  // namespace enxerto
