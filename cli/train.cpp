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

Json precision_json(const PrecisionChoice& precision) {
  Json json{{"requested", precision.requested}, {"chosen", precision.chosen}, {"reason", precision.reason}};
  if (precision.min_cosine) json["min_cosine"] = *precision.min_cosine;
  if (precision.equal_labels) json["equal_labels"] = *precision.equal_labels;
  return json;
}

Json phases_json(const std::vector<PhaseReport>& phases) {
  Json list = Json::array();
  for (const PhaseReport& phase : phases) {
    Json epochs = Json::object();
    for (const auto& [name, values] : phase.curves) epochs[name] = values;
    list.push_back({{"name", phase.name},
                    {"train_from", phase.phase.train_from},
                    {"optimizer", phase.phase.optimizer.kind},
                    {"learning_rate", phase.learning_rate},
                    {"precision", phase.precision},
                    {"frozen", phase.frozen},
                    {"seconds", phase.seconds},
                    {"epochs", std::move(epochs)},
                    {"kept_epoch", phase.kept_epoch},
                    {"skipped_steps", phase.skipped_steps},
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
                   {"warnings", report.warnings},
                   {"seconds", timing_json(report.seconds)}});
  return json;
}

/// The last values of the loss and of what was measured on validation data.
std::string last_of(const PhaseReport& phase) {
  std::string text;
  for (const auto& [name, values] : phase.curves) {
    if ((name == "loss" || name.starts_with("val_")) && !values.empty())
      text += fmt::format(", {} {:.4g}", name, values.back());
  }
  return text;
}

void print_phases(const TrainReport& report) {
  fmt::print("head      {}\n", report.head);
  for (const PhaseReport& phase : report.phases) {
    const std::string kept =
        phase.kept_epoch > 0 && phase.kept_epoch < phase.epochs ? fmt::format(", kept epoch {}", phase.kept_epoch) : "";
    const std::string what =
        phase.phase.solved_exactly()
            ? std::string("solved exactly")
            : fmt::format("{} of {}", counted(to_size(phase.epochs), "epoch"), phase.phase.optimizer.kind);
    fmt::print("{}: {}{}{}{}\n", phase.name, what, last_of(phase), kept,
               phase.best && report.phases.size() > 1 ? "; best" : "");
  }
}

void print_text(const TrainReport& report, bool verbose) {
  fmt::print("data      {}: {}, {} ({}), {}\n", report.data_format, counted(report.train_examples, "training picture"),
             counted(report.test_examples, "test picture"), report.test_origin,
             counted(report.classes.size(), "class", "classes"));
  fmt::print("backbone  {} at {} px, {} ({})\n", report.backbone, report.recipe.input.size, report.precision.chosen,
             report.precision.reason);
  fmt::print("features  {} computed, {} from the cache\n", report.computed, report.cached);
  if (report.is_solved())
    fmt::print("head      softmax regression, l2 {:g}{}, {}\n", report.l2,
               report.l2_chosen ? " (chosen by cross-validation on the training part)" : "",
               counted(to_size(report.iterations), "iteration"));
  else
    print_phases(report);
  if (verbose) {
    for (const TriedL2& tried : report.l2_trials)
      fmt::print("  l2 {:<10g} accuracy {:.2f} %, log loss {:.4f}\n", tried.l2, tried.accuracy * 100, tried.log_loss);
  }
  if (report.validation)
    fmt::print("validation {}, {}\n", summary_text(*report.validation),
               counted(report.validation->examples, "picture"));
  print_skipped(report.skipped);
  print_metrics(report.test);
  fmt::print("time      {}\n", timing_text(report.seconds));
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
