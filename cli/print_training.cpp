#include "print_training.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/report/figures.h"
#include "enxerto/tasks/task.h"
#include "option_name.h"
#include "print_metrics.h"
#include "text.h"

namespace enxerto::cli {
namespace {

/// "81.0 %" of a share that was measured on the test part too, else four digits.
std::string curve_value(const TrainReport& report, std::string_view name, double value) {
  const MetricValue* known = report.test.find(name.substr(name.find('_') + 1));
  return text_of({.name = std::string(name), .value = value, .share = known != nullptr && known->share});
}

/// ", val_loss 0.6002, val_accuracy 81.0 %": of the epoch whose weights were kept, "test_" where there is no validation
/// part; the training loss where nothing but that was measured. Of several folds, what phases were compared by.
std::string kept_values(const TrainReport& report, const PhaseReport& phase) {
  if (!phase.score.empty()) return ", " + phase.score;
  if (!phase.mean.empty()) return "";  // which says its own
  const bool validated = std::ranges::any_of(phase.curves, [](const auto& one) { return one.first == "val_loss"; });
  std::string text;
  for (const auto& [name, values] : phase.curves) {
    if (!name.starts_with(validated ? "val_" : "loss") || values.empty()) continue;
    const std::size_t last = values.size() - 1;
    const std::size_t at = phase.kept_epoch > 0 ? std::min(last, to_size(phase.kept_epoch) - 1) : last;
    const std::string shown = validated && report.validation_examples == 0 ? "test_" + name.substr(4) : name;
    text += fmt::format(", {} {}", shown, curve_value(report, name, values[at]));
  }
  return text;
}

std::string phase_text(const TrainReport& report, const PhaseReport& phase) {
  if (phase.phase.solved_exactly()) return fmt::format("{}: solved exactly{}", phase.name, kept_values(report, phase));
  std::string text = fmt::format("{}: {} of {} epochs of {} in {}", phase.name, phase.epochs, phase.phase.epochs,
                                 phase.phase.optimizer.kind, phase.precision);
  if (phase.diverged) text += ", diverged";
  if (phase.stopped_early) text += ", stopped early";
  if (!phase.mean.empty())
    text += fmt::format(", mean {}", phase.mean);
  else if (phase.kept_epoch > 0 && phase.kept_epoch < phase.epochs)
    text += fmt::format(", best: epoch {}", phase.kept_epoch);
  return text + kept_values(report, phase);
}

std::string backbone_text(const TrainReport& report) { return fmt::format("{} at {}", report.backbone, report.input); }

/// ", temperature 1.7" where one strength was chosen, at another temperature than 1.
std::string temperature_text(const TrainReport& report) {
  for (const TriedL2& tried : report.l2_trials)
    for (const auto& [name, value] : tried.figures)
      if (report.l2.size() == 1 && tried.l2 == report.l2.front() && name == "temperature" && value != 1)
        return fmt::format(", temperature {:g}", value);
  return "";
}

void print_solved(const TrainReport& report) {
  const std::string chosen =
      report.l2_chosen_by.empty() ? "" : fmt::format("{} (by {})", temperature_text(report), report.l2_chosen_by);
  print_labelled("trained", fmt::format("{}, L2 {}{}, on {}, frozen, in {}", report.solver, words_of_l2(report.l2),
                                        chosen, backbone_text(report), report.precision.chosen));
}

void print_refit(const TrainReport& report) {
  for (const PhaseReport& phase : report.refit)
    print_labelled(
        "", fmt::format("{}: {}, on training and validation {} together", phase.name,
                        phase.epochs > 0 ? counted(to_size(phase.epochs), "epoch") : "solved exactly", report.nouns));
}

void print_phases(const TrainReport& report) {
  print_labelled("trained", fmt::format("{} of {}, frozen part in {}", counted(report.phases.size(), "phase"),
                                        backbone_text(report), report.precision.chosen));
  for (const PhaseReport& phase : report.phases) print_labelled("", phase_text(report, phase));
  print_refit(report);
  if (report.phases.size() < 2) return;
  const char* saved = report.refit.empty() ? "its weights are saved" : "the weights of its refit are saved";
  for (const PhaseReport& phase : report.phases) {
    if (phase.best) print_labelled("best", fmt::format("{}{}; {}", phase.name, kept_values(report, phase), saved));
  }
}

void print_plumbing(const TrainReport& report) {
  print_labelled("head", report.head);
  print_labelled("frozen", fmt::format("{} ({})", report.precision.chosen, report.precision.reason));
  for (const PhaseReport& phase : report.phases) {
    print_labelled("", fmt::format("{}: {}", phase.name, phase.frozen));
    print_labelled("", fmt::format("trainable parameters: {} of {}", format_count(phase.learned_values),
                                   format_count(report.parameters)));
  }
  print_labelled("features", fmt::format("{} computed, {} from the cache", format_count(report.computed),
                                         format_count(report.cached)));
  for (const TriedL2& tried : report.l2_trials) {
    std::string text = fmt::format("L2 {:<8g}", tried.l2);
    for (const auto& [name, value] : tried.figures)
      text += fmt::format(" {} {}", name, curve_value(report, name, value));
    print_labelled("", text);
  }
  print_labelled("time", timing_text(report.seconds));
}

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// "--size 224" of the key "input.size".
std::string option_of(const NextStep& step) {
  const std::string option = option_of_key(step.key);
  return option.empty() ? "" : fmt::format(" ({} {})", option, step.value);
}

/// What a phase that diverged means for the model.
void print_diverged(const TrainReport& report) {
  for (const PhaseReport& phase : report.phases) {
    if (!phase.diverged) continue;
    const auto best = std::ranges::find_if(report.phases, &PhaseReport::best);
    std::string text = phase.name + ": its training loss exploded; ";
    if (best == report.phases.end() || &*best == &phase)
      text += phase.kept_epoch > 0 ? fmt::format("the model has its best weights, of epoch {}", phase.kept_epoch)
                                   : "the model has its last weights, as no validation data chose others";
    else
      text += fmt::format("the model has the weights of {}", best->name);
    print_labelled("diverged", text);
  }
}

/// What to type to use the model.
std::string next_command(const TrainReport& report) {
  const std::string model = shell_word(report.model.string()), noun = upper_case(report.noun);
  const auto kinds = task_kinds();
  const auto kind = std::ranges::find(kinds, report.task, &TaskKind::name);
  if (kind != kinds.end() && kind->foretells) return fmt::format("enxerto generate {} --prompt TEXT", model);
  return fmt::format("enxerto predict {} {}{}", model, noun, kind != kinds.end() && kind->of_pairs ? " " + noun : "");
}

}  // namespace

void print_training(const TrainReport& report, bool verbose) {
  const bool holds_back = !report.is_solved() && report.validation_examples > 0;
  print_labelled(
      "data",
      fmt::format("{}: {}, {}{}, {}", report.data_format, counted(report.train_examples, "training " + report.noun),
                  holds_back ? counted(report.validation_examples, "validation " + report.noun) + ", " : "",
                  counted(report.test_examples, "test " + report.noun), report.targets));
  print_labelled("", fmt::format("test {}: {}", report.nouns, report.test_origin));
  report.is_solved() ? print_solved(report) : print_phases(report);
  if (verbose) print_plumbing(report);
  print_skipped(report.skipped);
  fmt::print("\n");
  print_metrics(report.test, "test " + report.noun);
  if (report.validation)
    print_labelled(
        "validation",
        fmt::format("{}, {}", summary_text(*report.validation), counted(report.validation->examples, report.noun)), 12);
  print_diverged(report);
  if (report.next) print_labelled("try", report.next->text + option_of(*report.next));
  print_labelled("model", report.model.string());
  print_labelled("report", report.report.string());
  print_labelled("next", next_command(report));
}

}  // namespace enxerto::cli
