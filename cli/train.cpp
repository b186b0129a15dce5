#include "enxerto/workflow/train.h"

#include <memory>

#include "commands.h"
#include "enxerto/report/json.h"
#include "print_training.h"
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
                    {"mean", phase.mean},
                    {"skipped_steps", phase.skipped_steps},
                    {"stopped_early", phase.stopped_early},
                    {"diverged", phase.diverged},
                    {"best", phase.best},
                    {"summary", phase.summary}});
  }
  return list;
}

Json to_json(const TrainReport& report) {
  Json json{{"model", report.model.string()},
            {"report", report.report.string()},
            {"backbone", report.backbone},
            {"weights", report.weights},
            {"size", report.recipe.input.size},
            {"classes", report.classes},
            {"train_examples", report.train_examples},
            {"validation_examples", report.validation_examples},
            {"test_examples", report.test_examples},
            {"test_origin", report.test_origin},
            {"test_also_learned", report.test_also_learned},
            {"test_nearly_learned", report.test_nearly_learned},
            {"test", enxerto::to_json(report.test)}};
  if (report.validation) json["validation"] = enxerto::to_json(*report.validation);
  if (!report.is_solved()) json["phases"] = phases_json(report.phases);
  if (!report.refit.empty()) json["refit"] = phases_json(report.refit);
  if (report.next)
    json["advice"] = {{"text", report.next->text}, {"key", report.next->key}, {"value", report.next->value}};
  json.update(Json{{"precision", precision_json(report.precision)},
                   {"solver", report.solver},
                   {"l2", report.l2.size() == 1 ? Json(report.l2.front()) : Json(report.l2)},
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

}  // namespace

void add_train(Command& app, Session& session) {
  Command* command = app.add_subcommand(
      "train",
      "Train a model on pictures, texts or sounds: class folders, a table (.csv, .tsv, .jsonl) and other formats");
  auto options = std::make_shared<RecipeOptions>(*command);
  command->callback([&session, options] {
    session.command = [&session, options] {
      Recipe recipe = options->recipe();
      recipe.command = session.typed;
      const TrainReport report = train(recipe, *session.progress);
      if (session.json) {
        session.print(to_json(report));
      } else {
        print_training(report, session.verbose);
      }
      return 0;
    };
  });
}

}  // namespace enxerto::cli
