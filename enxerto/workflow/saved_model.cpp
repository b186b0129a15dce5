#include "enxerto/workflow/saved_model.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/version.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/report/html.h"
#include "enxerto/report/json.h"
#include "enxerto/report/model_card.h"
#include "enxerto/transfer/graft.h"

namespace enxerto {
namespace {

std::string head_fact(const TrainReport& report) {
  if (report.is_solved()) {
    const std::string how = report.iterations > 0 ? fmt::format("{} iterations", report.iterations) : "in closed form";
    return fmt::format("{}, l2 {}, {}", report.solver, words_of_l2(report.l2), how);
  }
  return report.head;
}

std::vector<ReportFact> facts_of(const TrainReport& report, const Backbone& backbone,
                                 const Preprocessor& preprocessor) {
  const bool file = !report.weights.empty();
  std::vector<ReportFact> facts{
      {"Data", fmt::format("{} ({})", report.recipe.data.path, report.data_format)},
      {"Training examples", fmt::format("{}", report.train_examples)},
      {"Test examples", fmt::format("{} ({})", report.test_examples, report.test_origin)},
      {"Classes", fmt::format("{}", report.classes.size())},
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
    facts.insert(facts.begin() + 2, {"Validation examples",
                                     fmt::format("{} (used to choose epochs and phases)", report.validation_examples)});
  return facts;
}

PhaseRow phase_row(const PhaseReport& phase) {
  PhaseRow row;
  row.name = phase.name;
  row.history.name = phase.name;
  row.history.seconds = phase.seconds;
  for (const auto& [name, values] : phase.curves) row.history.series.push_back({name, values});
  row.best_epoch = static_cast<std::size_t>(phase.kept_epoch);
  row.best = phase.best;
  row.summary = phase.summary;
  if (phase.phase.solved_exactly()) {
    row.facts = {{"Learned", fmt::format("{} numbers, solved exactly", phase.learned_values)}};
  } else {
    row.facts = {{"Learned", fmt::format("{} numbers, {} in {}", phase.learned_values, phase.phase.optimizer.kind,
                                         phase.precision)},
                 {"Learning rate", fmt::format("{:g}, {}", phase.learning_rate, phase.phase.schedule.kind)},
                 {"Batch", fmt::format("{}", phase.phase.batch_size)},
                 {"Epochs", fmt::format("{} of {}{}", phase.epochs, phase.phase.epochs,
                                        phase.stopped_early ? ", stopped early" : "")}};
  }
  row.facts.push_back({"Frozen part", phase.frozen});
  if (phase.skipped_steps > 0)
    row.facts.push_back({"Steps that were not finite", fmt::format("{}", phase.skipped_steps)});
  return row;
}

RunReport run_report(const TrainReport& report, const FinishedNetwork& network) {
  const Backbone& backbone = network.backbone;
  RunReport run;
  const auto data_name = std::filesystem::path(report.recipe.data.path).lexically_normal();
  run.title = fmt::format(
      "{} with {}",
      data_name.has_filename() ? data_name.filename().string() : data_name.parent_path().filename().string(),
      report.backbone);
  run.version = version();
  run.labels = report.classes;
  const TaskWords words = network.task.words();
  run.words = {.purpose = words.purpose, .use = words.use, .details = words.details, .limits = words.limits};
  run.evaluations.push_back({.name = "test",
                             .note = report.test_origin + "; these examples were not used to choose anything",
                             .metrics = report.test});
  if (report.validation) {
    run.evaluations.push_back({.name = "validation",
                               .note = report.is_solved() ? "" : "these examples were used to choose epochs and phases",
                               .metrics = *report.validation});
  }
  run.facts = facts_of(report, backbone, *network.preprocessor);
  for (const auto& [part, seconds] : report.seconds)
    run.parts.push_back({.name = part, .seconds = seconds, .detail = ""});
  for (const TriedL2& tried : report.l2_trials) run.l2_trials.push_back({tried.l2, tried.figures});
  if (report.l2_chosen) run.chosen_l2 = report.l2;
  if (!report.is_solved()) {
    for (const PhaseReport& phase : report.phases) run.phases.push_back(phase_row(phase));
  }
  run.precision = {.chosen = report.precision.chosen,
                   .min_cosine = report.precision.min_cosine.value_or(1.0),
                   .equal_labels = report.precision.equal_labels,
                   .reason = report.precision.reason};
  for (const BadExample& bad : report.skipped) run.skipped.push_back({bad.id, bad.reason});
  run.warnings = report.warnings;
  run.licence = backbone.spec.licence;
  run.recipe = to_repeatable_toml(report.recipe);
  return run;
}

/// The nearest folder above that is there can be written.
void require_writable_parent(const std::filesystem::path& output) {
  std::filesystem::path above = std::filesystem::absolute(output).lexically_normal();
  std::error_code ignored;
  do {
    above = above.has_filename() ? above.parent_path() : above.parent_path().parent_path();
  } while (above.has_relative_path() && !std::filesystem::exists(above, ignored));
  if (!std::filesystem::is_directory(above, ignored))
    throw disk_error(output.string(), fmt::format("{} is no folder", above.string()), "a path below a folder");
  if (access(above.c_str(), W_OK) != 0)
    throw disk_error(output.string(), fmt::format("the folder {} cannot be written", above.string()),
                     "a folder that can be written");
}

}  // namespace

void require_free_output(const Recipe::Output& output) {
  if (output.path.empty()) {
    throw usage_error("--output", "missing", "where the model is saved");
  }
  require_writable_parent(output.path);
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(output.path, ignored))) return;
  if (!is_bundle(output.path)) {
    throw usage_error(output.path, "something else already exists", "an unused name or a saved model");
  }
  if (!output.replace) {
    throw usage_error(output.path, "a model already exists", "", "--replace, or another --output");
  }
}

Bundle make_bundle(FinishedNetwork network, TensorMap golden, const TrainReport& report) {
  const RunReport run = run_report(report, network);
  Json precision{{"prefix", report.precision.chosen},
                 {"cut", network.cut},
                 {"requested", report.precision.requested},
                 {"reason", report.precision.reason}};
  if (report.precision.min_cosine) precision["min_cosine"] = *report.precision.min_cosine;
  if (report.precision.equal_labels) precision["equal_labels"] = *report.precision.equal_labels;
  return {.graph = std::move(network.graph),
          .recipe = run.recipe,
          .preprocessor = network.preprocessor,
          .task = report.task,
          .labels = report.classes,
          .history = to_json(run),
          .precision = std::move(precision),
          .report_html = to_html(run),
          .readme = to_model_card(run),
          .golden = std::move(golden)};
}

}  // namespace enxerto
