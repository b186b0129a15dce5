#include "enxerto/pretrained/bundle_backbone.h"

#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/input_size.h"

namespace enxerto {
namespace {

/// The network up to what its last Softmax takes, which is called "logits" from here on.
Graph up_to_logits(Graph graph, const std::string& where) {
  if (graph.nodes.empty() || graph.nodes.back().op != "Softmax")
    throw weights_error(where, "its network does not end in a softmax", "a model that `enxerto train` saved");
  const std::string before = graph.nodes.back().inputs.front();
  const ValueType type = infer_shapes(graph).at(before);
  graph.nodes.pop_back();
  for (Node& node : graph.nodes)
    for (std::string& output : node.outputs)
      if (output == before) output = "logits";
  graph.outputs = {{.name = "logits", .dtype = type.dtype, .shape = type.shape}};
  check(graph);
  return graph;
}

PretrainedSpec spec_of(const Bundle& bundle, const std::string& name) {
  PretrainedSpec spec;
  spec.name = name;
  spec.architecture = bundle.graph.name;
  spec.source = "saved model";
  spec.preprocess = bundle.preprocess;
  spec.labels = bundle.labels;
  spec.classes = static_cast<int>(bundle.labels.size());
  spec.licence = bundle.history.value("licence", "");
  return spec;
}

}  // namespace

Backbone bundle_backbone(const std::filesystem::path& path, const LoadOptions& options) {
  const Bundle bundle = read_bundle(path);
  Backbone backbone;
  backbone.spec = spec_of(bundle, path.lexically_normal().filename().string());
  backbone.graph = up_to_logits(bundle.graph, path.string());
  if (options.size > 0) {
    backbone.graph = with_input_size(std::move(backbone.graph), options.size);
    backbone.spec.preprocess.size = options.size;
  }
  backbone.weights_file = (path / bundle_layout::kWeights).string();
  for (const ManifestEntry& entry : read_manifest(path).files)
    if (entry.name == bundle_layout::kWeights) backbone.sha256 = entry.sha256;
  return backbone;
}

}  // namespace enxerto
