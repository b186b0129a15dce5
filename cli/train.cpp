#include "enxerto/workflow/train.h"

#include <memory>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.h"
#include "enxerto/report/json.h"
#include "print_metrics.h"
#include "recipe_options.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Json precision_json(const PrefixPrecision& precision) {
  Json json{{"requested", precision.requested}, {"chosen", name_of(precision.chosen)}, {"reason", precision.reason}};
  if (precision.min_cosine) json["min_cosine"] = *precision.min_cosine;
  if (precision.equal_labels) json["equal_labels"] = *precision.equal_labels;
  return json;
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
            {"test", enxerto::to_json(report.test, report.classes)}};
  if (report.validation) json["validation"] = enxerto::to_json(*report.validation, report.classes);
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

void print_text(const TrainReport& report, bool verbose) {
  fmt::print("data      {}: {} pictures to learn from, {} to test on ({}), {} classes\n", report.data_format,
             report.train_examples, report.test_examples, report.test_origin, report.classes.size());
  fmt::print("backbone  {} at {} px, {} ({})\n", report.backbone, report.recipe.input.size,
             name_of(report.precision.chosen), report.precision.reason);
  fmt::print("features  {} computed, {} from the cache\n", report.computed, report.cached);
  fmt::print("head      softmax regression, l2 {:g}{}, {} iterations\n", report.l2,
             report.search ? " (chosen by cross-validation on the training part)" : "", report.iterations);
  if (verbose && report.search) {
    for (const StrengthTrial& trial : report.search->trials) {
      fmt::print("  l2 {:<10g} accuracy {:.2f} %, log loss {:.4f}\n", trial.l2, trial.accuracy * 100, trial.log_loss);
    }
  }
  if (report.validation)
    fmt::print("validation {}, {} pictures\n", share_text(report.validation->accuracy), report.validation->examples);
  print_skipped(report.skipped);
  print_metrics(report.test, report.classes);
  fmt::print("time      {}\n", timing_text(report.timings));
  fmt::print("model     {}\n", report.model.string());
}

}  // namespace

void add_train(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("train", "From a folder of pictures to a saved model");
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
