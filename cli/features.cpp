#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/workflow/extract_features.h"
#include "field_options.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Json values_json(const std::vector<FeatureValue>& values) {
  Json json = Json::array();
  for (const FeatureValue& value : values)
    json.push_back({{"name", value.name}, {"dtype", value.dtype}, {"shape", value.shape}});
  return json;
}

Json to_json(const FeatureReport& report) {
  return {{"output", report.output.string()},
          {"rows", report.rows},
          {"shape", report.row_shape},
          {"values", values_json(report.values)},
          {"precision", report.precision},
          {"classes", report.classes},
          {"computed", report.computed},
          {"cached", report.cached},
          {"skipped", skipped_json(report.skipped)},
          {"warnings", report.warnings},
          {"seconds", timing_json(report.seconds)}};
}

}  // namespace

void add_features(Command& app, Session& session) {
  Command* command = app.add_subcommand("features", "Write the features of every example to a file");
  struct Options {
    explicit Options(Command& command) : fields(command) {}
    Recipe recipe;
    FeatureOptions features;
    FieldOptions fields;
  };
  auto options = std::make_shared<Options>(*command);
  command
      ->add_option(
          "DATA", options->recipe.data.path,
          "Data as 'train' takes them: class folders, IDX, CIFAR binary, a table (.csv, .tsv, .jsonl) ..; or a "
          "folder of pictures or clips of no class")
      ->required();
  command
      ->add_option("-o,--output", options->features.output,
                   "File to write: F.safetensors | F.npy (names and labels in F.csv) | F.csv")
      ->required();
  command->add_flag("--replace", options->features.replace, "Replace files that are already there");
  options->fields.add({"backbone.name", "backbone.weights"});
  command->add_option("--at", options->features.at,
                      "Stage whose input is written; head: pooled features; logits: the network's output (head)");
  options->fields.add({"input.size", "input.max_length", "input.fit", "input.normalise", "input.scaled_decode",
                       "run.precision", "data.take", "data.take_per_class", "data.on_bad", "data.kind", "data.targets",
                       "data.texts", "data.images", "data.label", "run.threads", "run.batch", "cache.enabled",
                       "cache.directory", "cache.limit_gb"});
  command->callback([&session, options] {
    session.command = [&session, options] {
      options->fields.apply(options->recipe);
      const FeatureReport report = extract_features(options->recipe, options->features, *session.progress);
      if (session.json) {
        session.print(to_json(report));
        return 0;
      }
      fmt::print("features  {} rows of {} in {} ({} computed, {} cached), {}\n", report.rows, report.summary,
                 report.output.string(), report.computed, report.cached, report.precision);
      print_skipped(report.skipped);
      fmt::print("time      {}\n", timing_text(report.seconds));
      return 0;
    };
  });
}

}  // namespace enxerto::cli
