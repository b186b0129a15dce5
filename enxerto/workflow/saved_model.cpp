#include "enxerto/workflow/saved_model.h"

#include <ctime>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/version.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/report/html.h"
#include "enxerto/report/json.h"
#include "enxerto/report/model_card.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/workflow/disk_paths.h"
#include "enxerto/workflow/epoch_log.h"
#include "enxerto/workflow/plain_report.h"

namespace enxerto {
namespace {

std::string head_fact(const TrainReport& report) {
  if (report.is_solved()) {
    const std::string how = report.iterations > 0 ? fmt::format("{} iterations", report.iterations) : "in closed form";
    return fmt::format("{}, L2 {}, {}", report.solver, words_of_l2(report.l2), how);
  }
  return report.head;
}

std::string refit_fact(const TrainReport& report) {
  std::string text = fmt::format("on {} examples, training and validation together:",
                                 report.train_examples + report.validation_examples);
  for (const PhaseReport& phase : report.refit) {
    text += fmt::format("{} from {} on", &phase == &report.refit.front() ? "" : ", then", phase.phase.train_from);
    if (phase.epochs > 0) text += fmt::format(" for {}", counted(to_size(phase.epochs), "epoch"));
  }
  return text;
}

std::vector<ReportFact> facts_of(const TrainReport& report, const Backbone& backbone,
                                 const Preprocessor& preprocessor) {
  const bool file = !report.weights.empty();
  std::vector<ReportFact> facts{
      {"Data", fmt::format("{} ({})", last_name(report.recipe.data.path), report.data_format)},
      {"Training examples", format_count(report.train_examples)},
      {"Test examples", fmt::format("{} ({})", format_count(report.test_examples), report.test_origin)},
      {"Targets", report.targets},
      {"Backbone",
       fmt::format("{}, {} weights{}", report.backbone, backbone.spec.source, report.is_solved() ? ", frozen" : "")},
      {"Weights",
       file ? fmt::format("{}, SHA-256 {}", std::filesystem::path(report.weights).filename().string(), backbone.sha256)
            : "random, trained from scratch"},
      {"Input", preprocessor.summary()},
      {"Head", head_fact(report)},
      {"Class weights", std::string(word_of(report.recipe.head.class_weights))},
      {"Seed", fmt::format("{}", report.recipe.run.seed)},
      {"Threads", fmt::format("{}", report.recipe.run.threads)},
  };
  if (!report.is_solved() && report.validation_examples > 0)
    facts.insert(facts.begin() + 2,
                 {"Validation examples",
                  fmt::format("{} ({}used to choose epochs and phases{})", report.validation_examples,
                              report.folds > 1 ? fmt::format("the first of {} folds, ", report.folds) : "",
                              report.refit.empty() ? "" : ", then learned from too")});
  if (!report.refit.empty()) facts.push_back({"Refit", refit_fact(report)});
  return facts;
}

std::vector<ModelWords::Colour> legend_of(const TaskWords& words) {
  std::vector<ModelWords::Colour> legend;
  for (const auto& [name, colour] : words.legend)
    legend.push_back({name, fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2])});
  return legend;
}

std::string batch_text(const Phase& phase) {
  if (phase.batch_tokens == 0) return fmt::to_string(phase.batch_size);
  const std::string most = phase.batch_size > 0 ? fmt::format(", {} at most", phase.batch_size) : "";
  return fmt::format("{}{}", counted(static_cast<std::uint64_t>(phase.batch_tokens), "token"), most);
}

PhaseRow phase_row(const PhaseReport& phase, std::size_t parameters) {
  const std::string_view ended = phase.diverged ? ", diverged" : phase.stopped_early ? ", stopped early" : "";
  PhaseRow row;
  row.name = phase.name;
  row.history = history_of(phase);
  row.best_epoch = static_cast<std::size_t>(phase.kept_epoch);
  row.best = phase.best;
  row.summary = phase.summary;
  row.facts = {
      {"Trainable parameters", fmt::format("{} of {}", format_count(phase.learned_values), format_count(parameters))}};
  if (phase.phase.solved_exactly()) {
    row.facts.push_back({"Optimizer", "none: solved exactly"});
  } else {
    row.facts.insert(row.facts.end(),
                     {{"Optimizer", fmt::format("{} in {}", phase.phase.optimizer.kind, phase.precision)},
                      {"Learning rate", fmt::format("{:g}, {}", phase.learning_rate, phase.phase.schedule.kind)},
                      {"Batch", batch_text(phase.phase)},
                      {"Epochs", fmt::format("{} of {}{}", phase.epochs, phase.phase.epochs, ended)}});
  }
  if (!phase.mean.empty()) row.facts.push_back({"Weights", "mean " + phase.mean});
  row.facts.push_back({"Frozen part", phase.frozen});
  if (phase.skipped_steps > 0)
    row.facts.push_back({"Skipped steps (loss or gradient not finite)", fmt::format("{}", phase.skipped_steps)});
  return row;
}

std::string validation_note(const TrainReport& report) {
  if (report.is_solved()) return "";
  const std::string which =
      report.folds > 1 ? fmt::format("the first of {} folds, which were", report.folds) : "these examples were";
  return which + " used to choose epochs and phases" +
         (report.refit.empty() ? "" : "; figures of the weights before the refit, which learned from them too");
}

std::string test_note(const TrainReport& report) {
  const std::size_t also = report.test_also_learned, nearly = report.test_nearly_learned;
  if (also + nearly == 0) return report.test_origin + "; not used for training or model selection";
  std::string note = report.test_origin;
  if (also > 0)
    note += fmt::format("; {} of them {} in the training or validation data too", format_count(also),
                        also == 1 ? "is" : "are");
  if (nearly > 0)
    note += fmt::format("; {} of them {} nearly the same as one that was learned from", format_count(nearly),
                        nearly == 1 ? "is" : "are");
  return note + ": the figures are too optimistic";
}

RunReport run_report(const TrainReport& report, const FinishedNetwork& network) {
  const Backbone& backbone = network.backbone;
  RunReport run;
  run.title = fmt::format("{} with {}", last_name(report.recipe.data.path), report.backbone);
  run.version = version();
  run.created = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  run.labels = report.classes;
  const TaskWords words = network.task.words();
  run.noun = report.noun;
  run.nouns = report.nouns;
  run.words = {.purpose = words.purpose,
               .use = words.use,
               .details = words.details,
               .limits = words.limits,
               .drawings = words.drawings,
               .legend = legend_of(words)};
  run.evaluations.push_back({.name = "test", .note = test_note(report), .metrics = report.test});
  if (report.validation) {
    run.evaluations.push_back({.name = "validation", .note = validation_note(report), .metrics = *report.validation});
  }
  run.facts = facts_of(report, backbone, *network.preprocessor);
  for (const auto& [part, seconds] : report.seconds)
    run.parts.push_back({.name = part, .seconds = seconds, .detail = ""});
  for (const TriedL2& tried : report.l2_trials) run.l2_trials.push_back({tried.l2, tried.figures});
  if (!report.l2_chosen_by.empty()) run.chosen_l2 = report.l2;
  run.l2_chosen_by = report.l2_chosen_by;
  if (!report.is_solved()) {
    for (const PhaseReport& phase : report.phases) run.phases.push_back(phase_row(phase, report.parameters));
    run.curves_part = curves_part(report);
    run.folds = report.folds;
  }
  run.precision = {.chosen = report.precision.chosen,
                   .min_cosine = report.precision.min_cosine.value_or(1.0),
                   .equal_labels = report.precision.equal_labels,
                   .reason = report.precision.reason};
  for (const BadExample& bad : report.skipped) run.skipped.push_back({bad.id, bad.reason});
  run.warnings = report.warnings;
  run.licence = backbone.spec.licence;
  if (report.next)
    run.advice = report.next->text +
                 (report.next->key.empty() ? "" : fmt::format(" ({} = {})", report.next->key, report.next->value));
  run.recipe = to_portable_toml(report.recipe);
  return run;
}

}  // namespace

Bundle make_bundle(FinishedNetwork network, TensorMap golden, const TrainReport& report) {
  const RunReport run = run_report(report, network);
  Json precision{{"prefix", report.precision.chosen},
                 {"cut", network.cut},
                 {"requested", report.precision.requested},
                 {"reason", report.precision.reason}};
  if (report.precision.min_cosine) precision["min_cosine"] = *report.precision.min_cosine;
  if (report.precision.equal_labels) precision["equal_labels"] = *report.precision.equal_labels;
  Json facts = network.task.record();
  facts.erase("names");
  const DiskPaths paths(report);
  return {.graph = std::move(network.graph),
          .recipe = run.recipe,
          .preprocessor = network.preprocessor,
          .networks = network.backbone.networks,
          .task = report.task,
          .labels = report.classes,
          .task_facts = std::move(facts),
          .history = paths.left_out(to_json(run)),
          .precision = std::move(precision),
          .report_html = paths.left_out(to_html(run)),
          .readme = paths.left_out(to_model_card(run)),
          .golden = std::move(golden),
          .learned_from = std::move(network.learned_from)};
}

std::filesystem::path write_report(const FinishedNetwork& network, const TrainReport& report,
                                   const ReportedExamples& examples) {
  const std::filesystem::path beside = beside_output(report.model, ".report.html");
  if (!report.recipe.output.examples) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return report.model / "report.html";
  }
  RunReport run = run_report(report, network);
  run.command = report.recipe.command;
  run.previews = make_previews({.dataset = examples.dataset,
                                .preprocessor = *network.preprocessor,
                                .mistakes = examples.mistakes,
                                .task = network.task,
                                .training = examples.training,
                                .phases = report.recipe.phases,
                                .seed = report.recipe.run.random_seed()});
  write_atomically(beside, to_html(run));
  return beside;
}

}  // namespace enxerto
