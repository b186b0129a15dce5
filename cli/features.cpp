#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/workflow/embed.h"
#include "recipe_options.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Json values_json(const RowLayout& layout) {
  Json values = Json::array();
  for (const InputSpec& value : layout.values)
    values.push_back({{"name", value.name}, {"dtype", name_of(value.dtype)}, {"shape", value.shape}});
  return values;
}

Json to_json(const EmbedReport& report) {
  return {{"output", report.output.string()},
          {"rows", report.rows},
          {"shape", report.row_shape},
          {"values", values_json(report.values)},
          {"precision", report.precision},
          {"classes", report.classes},
          {"computed", report.computed},
          {"cached", report.cached},
          {"skipped", skipped_json(report.skipped)},
          {"seconds", timing_json(report.timings)}};
}

}  // namespace

void add_features(Command& app, Session& session) {
  Command* command = app.add_subcommand("features", "Write the features of every picture, for use elsewhere");
  struct Options {
    EmbedRequest request;
    bool no_cache = false;
  };
  auto options = std::make_shared<Options>();
  Recipe& recipe = options->request.recipe;
  command->add_option("DATA", recipe.data.path, "Class folders, IDX or CIFAR binary")->required();
  command
      ->add_option("-o,--output", options->request.output, "F.safetensors | F.npy (names and labels in F.csv) | F.csv")
      ->required();
  command->add_option("-b,--backbone", recipe.backbone.name, kBackboneHelp);
  command->add_option("--weights", recipe.backbone.weights, kWeightsHelp);
  command->add_option("--at", options->request.at,
                      "A stage: what enters it; head: pooled features; logits: the network's own output (head)");
  command->add_option("--size", recipe.input.size, "Side of the square that the network sees, px");
  command->add_option("--fit", recipe.input.fit, "How a picture becomes a square: auto | crop | squash");
  command->add_flag("--scaled-decode", recipe.input.scaled_decode,
                    "Decode large JPEGs at a fraction of their size: faster, not equal to the bit");
  command->add_option("--precision", recipe.run.precision, "auto | fp32 | bf16 (auto)");
  command->add_option("--take", recipe.data.take, "Only the first N pictures");
  command->add_option("--take-per-class", recipe.data.take_per_class, "Only the first N pictures of each class");
  command->add_option("--on-bad", recipe.data.on_bad, "A picture that cannot be read: error | skip");
  command->add_option("-t,--threads", recipe.run.threads, "Threads (all cores)");
  command->add_option("--batch", recipe.run.batch, "Pictures a call of the engine");
  command->add_flag("--no-cache", options->no_cache, "Neither read nor keep features on disk");
  command->add_option("--cache", recipe.cache.directory, "Folder of the feature cache (~/.cache/enxerto)");
  command->add_option("--cache-limit", recipe.cache.limit_gb, "Size limit of the feature cache, GB (20)");
  command->callback([&session, options] {
    session.command = [&session, options] {
      options->request.recipe.cache.enabled = !options->no_cache;
      const EmbedReport report = embed(options->request, *session.progress);
      if (session.json) {
        session.print(to_json(report));
        return 0;
      }
      fmt::print("features  {} rows of {} in {} ({} computed, {} cached), {}\n", report.rows,
                 report.values.is_matrix() ? to_string(report.row_shape) : to_string(report.values.values),
                 report.output.string(), report.computed, report.cached, report.precision);
      print_skipped(report.skipped);
      fmt::print("time      {}\n", timing_text(report.timings));
      return 0;
    };
  });
}

}  // namespace enxerto::cli
