#include "enxerto/workflow/evaluate.h"

#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/report/json.h"
#include "extraction_options.h"
#include "print_metrics.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Json to_json(const EvaluationResult& result) {
  Json json{
      {"examples", result.examples}, {"task", result.task}, {"part", result.part}, {"precision", result.precision}};
  json.update(enxerto::to_json(result.metrics));
  json.update(Json{{"unknown_classes", result.unknown},
                   {"missing_classes", result.missing},
                   {"left_out", result.left_out},
                   {"computed", result.computed},
                   {"cached", result.cached},
                   {"skipped", skipped_json(result.skipped)},
                   {"seconds", timing_json(result.timings)}});
  return json;
}

}  // namespace

void add_evaluate(Command& app, Session& session) {
  Command* command = app.add_subcommand("evaluate", "Evaluate a saved model on labelled pictures");
  struct Options {
    std::string model, data;
    EvaluateOptions evaluate;
    ExtractionOptions extraction;
  };
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A saved model")->required();
  command
      ->add_option(
          "DATA", options->data,
          "Class folders, IDX, CIFAR binary or a table (.csv, .tsv); classes, labels and values are matched by name")
      ->required();
  command
      ->add_option("--part", options->evaluate.part,
                   "Part of the data: train | validation | test | all (test where there is one)")
      ->one_of({"train", "validation", "test", "all"});
  command
      ->add_option("--precision", options->evaluate.precision,
                   "Precision of the frozen network: as-trained | fp32 | bf16 (as-trained)")
      ->one_of({"as-trained", "fp32", "bf16"});
  command
      ->add_option("--targets", options->evaluate.csv.targets,
                   "Columns of a table that hold the targets (those of the model's names)")
      ->separated_by(',');
  command->add_option("--images", options->evaluate.csv.images,
                      "Folder that the picture names in a table are relative to (the table's folder)");
  options->extraction.add_to(*command);
  command->callback([&session, options] {
    session.command = [&session, options] {
      options->evaluate.extraction = options->extraction.resolve();
      const EvaluationResult result = evaluate(options->model, options->data, options->evaluate, *session.progress);
      if (session.json) {
        session.print(to_json(result));
        return 0;
      }
      print_skipped(result.skipped);
      print_metrics(result.metrics);
      fmt::print("time      {}\n", timing_text(result.timings));
      return 0;
    };
  });
}

}  // namespace enxerto::cli
