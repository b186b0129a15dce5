#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/quantity.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/files/is_file.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"
#include "text.h"

namespace enxerto::cli {
namespace {

std::string shapes_of(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : " + ") + to_string(value.shape);
  return text;
}

/// The stages of a network: what enters and leaves each, what it costs, what a cache before it holds for one example.
Json print_stages(const Session& session, const Graph& graph) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"stage", "enters", "leaves", "parameters", "MFLOPs", "cached bytes an example"}};
  const auto costs = cost(graph);
  std::vector<std::string> crossing;
  for (const StageCost& stage : costs) crossing.push_back(shapes_of(cut(graph, stage.stage).prefix.outputs));
  crossing.push_back(shapes_of(graph.outputs));
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const StageCost& stage = costs[i];
    list.push_back({{"stage", stage.stage},
                    {"enters", crossing[i]},
                    {"leaves", crossing[i + 1]},
                    {"parameters", stage.parameters},
                    {"flops", stage.flops},
                    {"entering_bytes", stage.entering_bytes}});
    rows.push_back({stage.stage, crossing[i], crossing[i + 1], fmt::format("{}", stage.parameters),
                    fmt::format("{:.1f}", static_cast<double>(stage.flops) / 1e6),
                    fmt::format("{}", stage.entering_bytes)});
  }
  const StageCost all = total(costs);
  if (!session.json) {
    fmt::print("{}{} parameters, {:.1f} MFLOPs an example\n", table(rows), all.parameters,
               static_cast<double>(all.flops) / 1e6);
  }
  return {{"stages", list}, {"parameters", all.parameters}, {"flops", all.flops}};
}

Json inspect_file(const Session& session, const std::string& path) {
  const WeightFile file = read_weights(path);
  Json tensors = Json::array();
  std::vector<std::vector<std::string>> rows;
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : file.tensors) {
    numbers += tensor.size();
    tensors.push_back({{"name", name}, {"dtype", name_of(tensor.dtype())}, {"shape", tensor.shape()}});
    rows.push_back({name, std::string(name_of(tensor.dtype())), to_string(tensor.shape())});
  }
  if (!session.json) {
    fmt::print("{}{}: {}, {} tensors, {} numbers, {}\n", table(rows), path, file.format, file.tensors.size(), numbers,
               format_bytes(file.file_bytes));
    for (const auto& note : file.notes) fmt::print("  {}\n", note);
    for (const auto& [key, value] : file.metadata) fmt::print("  {}: {}\n", key, value);
  }
  return {{"kind", "weights"},
          {"format", file.format},
          {"file_bytes", file.file_bytes},
          {"tensor_bytes", file.tensor_bytes},
          {"notes", file.notes},
          {"metadata", file.metadata},
          {"tensors", tensors}};
}

/// A file that is not a network of its own.
bool is_weight_file(const std::filesystem::path& path) { return is_file(path) && path.extension() != ".onnx"; }

Json inspect_model(const Session& session, const std::string& path) {
  const Bundle bundle = read_bundle(path);
  if (!session.json) {
    fmt::print("{}: a saved model on {}, {}, {} classes\n", path, bundle.graph.name, bundle.preprocessor->summary(),
               bundle.labels.size());
  }
  Json json{{"kind", "model"},
            {"backbone", bundle.graph.name},
            {"labels", bundle.labels},
            {"preprocess", bundle.preprocessor->record()},
            {"precision", bundle.precision}};
  json.update(print_stages(session, bundle.graph));
  return json;
}

Json inspect_backbone(const Session& session, const std::string& name, const std::string& weights, int size) {
  const Backbone backbone = load_backbone(name, {.weights = weights, .size = size});
  if (!session.json) {
    fmt::print("{}: {} weights, {}, {} classes, {}\n", name, backbone.spec.source,
               backbone.spec.preprocessor->summary(), backbone.spec.outputs, backbone.weights_file);
    for (const std::string& note : backbone.notes) fmt::print("  {}\n", note);
  }
  Json json{{"kind", "backbone"},
            {"name", name},
            {"source", backbone.spec.source},
            {"weights", backbone.weights_file},
            {"sha256", backbone.sha256},
            {"notes", backbone.notes},
            {"preprocess", backbone.spec.preprocessor->record()}};
  json.update(print_stages(session, backbone.graph));
  return json;
}

}  // namespace

void add_inspect(Command& app, Session& session) {
  Command* command = app.add_subcommand("inspect", "Show what a weight file, a saved model or a backbone contains");
  struct Options {
    std::string what, weights;
    int size = 0;
  };
  auto options = std::make_shared<Options>();
  command
      ->add_option("WHAT", options->what,
                   "A weight file, a saved model, or a backbone: its name, an ONNX file, a folder, org/name")
      ->required();
  command->add_option("--weights", options->weights,
                      "Weights of the backbone: a file, or a source: torchvision, keras ..");
  command->add_option("--size", options->size, "Side of the backbone's input, px");
  command->callback([&session, options] {
    session.command = [&session, options] {
      const Json json = is_bundle(options->what) ? inspect_model(session, options->what)
                        : is_weight_file(options->what)
                            ? inspect_file(session, options->what)
                            : inspect_backbone(session, options->what, options->weights, options->size);
      if (session.json) session.print(json);
      return 0;
    };
  });
}

}  // namespace enxerto::cli
