#include "enxerto/pretrained/translation/translation_backbone.h"

#include <algorithm>
#include <string>
#include <utility>

#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/words_stage.h"
#include "enxerto/media/text/translation_preprocessor.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "enxerto/zoo/translation_input.h"

namespace enxerto {
namespace {

void rename_constant(std::string& name) {
  const std::string before = std::string(kHeadStage) + "/";
  if (name.starts_with(before)) name.replace(0, before.size(), std::string(kWordsStage) + "/");
}

}  // namespace

Graph with_labels(Graph network) {
  for (Node& node : network.nodes) {
    if (node.stage == kHeadStage) node.stage = kWordsStage;
    // Constants are called by their stage, and the head that is grown has its own.
    rename_constant(node.name);
    for (std::string& value : node.inputs) rename_constant(value);
    for (std::string& value : node.outputs) rename_constant(value);
  }
  const auto ids = std::ranges::find(network.inputs, kDecoderIds, &Value::name);
  const bool there = std::ranges::find(network.inputs, kWrittenLabels, &Value::name) != network.inputs.end();
  if (ids != network.inputs.end() && !there) {
    Value labels = *ids;
    labels.name = kWrittenLabels;
    network.inputs.push_back(std::move(labels));
  }
  return network;
}

Backbone translation_backbone(const std::filesystem::path& path) {
  TranslationNetwork network = load_translation_network(path);
  Backbone backbone;
  backbone.graph = with_labels(std::move(network.graph));
  backbone.spec.name = std::filesystem::weakly_canonical(path).filename().string();
  backbone.spec.architecture = backbone.graph.name;
  backbone.spec.source = "own";
  backbone.spec.file = std::filesystem::path(network.weights_file).filename().string();
  const std::int64_t longest = network.longest;
  backbone.spec.preprocessor = translation_preprocessor(static_cast<const TranslationText&>(network), longest);
  backbone.weights_file = network.weights_file;
  backbone.sha256 = file_digests(network.weights_file, false).sha256;
  backbone.notes = std::move(network.notes);
  return backbone;
}

}  // namespace enxerto
