#include "enxerto/pretrained/bundle_backbone.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "enxerto/files/toml.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/input_size.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

constexpr std::string_view kLogits = "logits";

/// The network up to what its head answers with, without a Softmax or Sigmoid that makes probabilities of it. That
/// value is called "logits" from here on.
Graph up_to_logits(Graph graph, const std::string& where) {
  if (graph.nodes.empty() || graph.outputs.size() != 1)
    throw weights_error(where, fmt::format("its network has {} outputs", graph.outputs.size()),
                        "a model that `enxerto train` saved");
  std::string answer = graph.outputs[0].name;
  const Node& last = graph.nodes.back();
  const bool squashes = last.op == "Softmax" || last.op == "Sigmoid";
  if (squashes && last.outputs.front() == answer) {
    answer = last.inputs.front();
    graph.nodes.pop_back();
  }
  const ValueType type = infer_shapes(graph).at(answer);
  for (Node& node : graph.nodes) {
    std::replace(node.inputs.begin(), node.inputs.end(), answer, std::string(kLogits));
    std::replace(node.outputs.begin(), node.outputs.end(), answer, std::string(kLogits));
  }
  graph.outputs = {{.name = std::string(kLogits), .dtype = type.dtype, .shape = type.shape}};
  check(graph);
  return graph;
}

/// States of tokens are pooled as they were in the run that saved the model; all else as is usual.
std::string pool_of(const Bundle& bundle, const std::string& where) {
  const bool tokens =
      std::ranges::any_of(bundle.graph.inputs, [](const Value& input) { return input.name == kTokenMask; });
  const Json recipe = tokens ? parse_toml(bundle.recipe, where, ErrorKind::weights) : Json::object();
  return recipe.value(Json::json_pointer("/head/pool"), Backbone{}.pool);
}

/// The first unit of a head that writes says that there is nothing to write.
std::vector<std::string> units_of(const Bundle& bundle) {
  const auto named = bundle.task_facts.find("units");
  if (named == bundle.task_facts.end() || !named->is_array()) return {};
  std::vector<std::string> units{""};
  for (const Json& unit : *named) units.push_back(unit.is_string() ? unit.get<std::string>() : "");
  return units;
}

PretrainedSpec spec_of(const Bundle& bundle, const std::string& name) {
  PretrainedSpec spec;
  spec.name = name;
  spec.architecture = bundle.graph.name;
  spec.source = "saved model";
  spec.preprocessor = bundle.preprocessor;
  spec.labels = bundle.labels;
  spec.outputs = static_cast<int>(bundle.labels.size());
  spec.licence = bundle.history.value("licence", "");
  return spec;
}

}  // namespace

Backbone bundle_backbone(const std::filesystem::path& path, const LoadOptions& options) {
  const Bundle bundle = read_bundle(path);
  Backbone backbone;
  backbone.spec = spec_of(bundle, path.lexically_normal().filename().string());
  backbone.graph = up_to_logits(bundle.graph, path.string());
  backbone.pool = pool_of(bundle, path.string());
  backbone.units = units_of(bundle);
  backbone.networks = bundle.networks;
  if (options.size > 0 && input_size(*bundle.preprocessor) > 0) {
    backbone.graph = with_input_size(std::move(backbone.graph), options.size);
    backbone.spec.preprocessor = patched(*bundle.preprocessor, {{"size", options.size}}, path.string());
  }
  backbone.weights_file = (path / bundle_layout::kWeights).string();
  for (const ManifestEntry& entry : read_manifest(path).files)
    if (entry.name == bundle_layout::kWeights) backbone.sha256 = entry.sha256;
  return backbone;
}

}  // namespace enxerto
