#include "enxerto/workflow/train.h"

#include <memory>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/report/json.h"
#include "print_metrics.h"
#include "recipe_options.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Json precision_json(const PrefixPrecision& precision) {
  Json json{
      {"requested", word_of(precision.requested)}, {"chosen", name_of(precision.chosen)}, {"reason", precision.reason}};
  if (precision.min_cosine) json["min_cosine"] = *precision.min_cosine;
  if (precision.equal_labels) json["equal_labels"] = *precision.equal_labels;
  return json;
}

Json phases_json(const std::vector<PhaseReport>& phases) {
  Json list = Json::array();
  for (const PhaseReport& phase : phases) {
    Json epochs = Json::object();
    for (const Series& series : phase.finished.history.series) epochs[series.name] = series.values;
    list.push_back({{"name", phase.name},
                    {"train_from", phase.phase.train_from},
                    {"optimizer", phase.phase.optimizer.kind},
                    {"learning_rate", phase.learning_rate},
                    {"precision", phase.precision},
                    {"frozen", phase.frozen},
                    {"seconds", phase.finished.history.seconds},
                    {"epochs", std::move(epochs)},
                    {"kept_epoch", phase.finished.kept_epoch},
                    {"skipped_steps", phase.finished.skipped_steps},
                    {"best", phase.best},
                    {"summary", phase.summary}});
  }
  return list;
}

Json to_json(const TrainReport& report) {
  Json json{{"model", report.model.string()},
            {"backbone", report.backbone},
            {"weights", report.weights},
            {"size", report.recipe.input.size},
            {"classes", report.classes},
            {"train_examples", report.train_examples},
            {"test_examples", report.test_examples},
            {"test_origin", report.test_origin},
            {"test", enxerto::to_json(report.test)}};
  if (report.validation) json["validation"] = enxerto::to_json(*report.validation);
  if (!report.is_solved()) json["phases"] = phases_json(report.phases);
  json.update(Json{{"precision", precision_json(report.precision)},
                   {"l2", report.l2},
                   {"iterations", report.iterations},
                   {"converged", report.converged},
                   {"computed", report.computed},
                   {"cached", report.cached},
                   {"repaired", report.repaired},
                   {"skipped", skipped_json(report.skipped)},
                   {"seconds", timing_json(report.timings)}});
  return json;
}

/// The last values of the loss and of what was measured on validation data.
std::string last_of(const PhaseHistory& history) {
  std::string text;
  for (const Series& series : history.series) {
    if ((series.name == "loss" || series.name.starts_with("val_")) && !series.values.empty())
      text += fmt::format(", {} {:.4g}", series.name, series.values.back());
  }
  return text;
}

void print_phases(const TrainReport& report) {
  fmt::print("head      {}\n", report.head);
  for (const PhaseReport& phase : report.phases) {
    const FinishedPhase& finished = phase.finished;
    const std::string kept = finished.kept_epoch > 0 && finished.kept_epoch < finished.epochs
                                 ? fmt::format(", kept epoch {}", finished.kept_epoch)
                                 : "";
    const std::string what =
        phase.phase.solved_exactly()
            ? std::string("solved exactly")
            : fmt::format("{} of {}", counted(to_size(finished.epochs), "epoch"), phase.phase.optimizer.kind);
    fmt::print("{}: {}{}{}{}\n", phase.name, what, last_of(finished.history), kept,
               phase.best && report.phases.size() > 1 ? "; best" : "");
  }
}

void print_text(const TrainReport& report, bool verbose) {
  fmt::print("data      {}: {}, {} ({}), {}\n", report.data_format, counted(report.train_examples, "training picture"),
             counted(report.test_examples, "test picture"), report.test_origin,
             counted(report.classes.size(), "class", "classes"));
  fmt::print("backbone  {} at {} px, {} ({})\n", report.backbone, report.recipe.input.size,
             name_of(report.precision.chosen), report.precision.reason);
  fmt::print("features  {} computed, {} from the cache\n", report.computed, report.cached);
  if (report.is_solved())
    fmt::print("head      softmax regression, l2 {:g}{}, {}\n", report.l2,
               report.search ? " (chosen by cross-validation on the training part)" : "",
               counted(to_size(report.iterations), "iteration"));
  else
    print_phases(report);
  if (verbose && report.search) {
    for (const L2Trial& trial : report.search->trials) {
      fmt::print("  l2 {:<10g} accuracy {:.2f} %, log loss {:.4f}\n", trial.l2, trial.accuracy * 100, trial.log_loss);
    }
  }
  if (report.validation)
    fmt::print("validation {}, {}\n", summary_text(*report.validation),
               counted(report.validation->examples, "picture"));
  print_skipped(report.skipped);
  print_metrics(report.test);
  fmt::print("time      {}\n", timing_text(report.timings));
  fmt::print("model     {}\n", report.model.string());
}

}  // namespace

void add_train(Command& app, Session& session) {
  Command* command = app.add_subcommand("train", "Train a model on a folder of pictures");
  auto options = std::make_shared<RecipeOptions>(*command);
  command->callback([&session, options] {
    session.command = [&session, options] {
      const TrainReport report = train(options->recipe(), *session.progress);
      if (session.json) {
        session.print(to_json(report));
      } else {
        print_text(report, session.verbose);
      }
      return 0;
    };
  });
}

}  // namespace enxerto::cli
