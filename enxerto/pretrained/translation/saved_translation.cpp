#include "enxerto/pretrained/translation/saved_translation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {

bool is_saved_translation(const std::filesystem::path& path) {
  constexpr std::size_t kLargestTask = std::size_t{64} << 20;
  if (!is_bundle(path)) return false;
  try {
    const Json task = read_json(task_file(path), kLargestTask, ErrorKind::weights);
    return task.is_object() && task.value("kind", "") == "sequence_to_sequence";
  } catch (const Error&) {
    return false;  // of another version, or damaged: whoever reads it says so
  }
}

TranslationNetwork load_saved_translation(const std::filesystem::path& path) {
  Bundle bundle = read_bundle(path);
  TranslationNetwork network =
      translation_network_of(std::move(bundle.graph), *bundle.preprocessor, path.lexically_normal().string());
  network.weights_file = (path / bundle_layout::kWeights).string();
  return network;
}

TranslationNetwork translation_network_of(Graph graph, const Preprocessor& preprocessor, std::string name) {
  Json record = preprocessor.record();
  const ValueTypes types = infer_shapes(graph);
  const auto words = types.find(std::string(kNextWords));
  if (record.value("kind", "") != "translation" || words == types.end())
    throw weights_error(name, "it does not write one text for another", "a network that translates",
                        "one that `enxerto train --task sequence_to_sequence` saved");
  record.erase("kind");
  TranslationNetwork network;
  static_cast<TranslationText&>(network) = translation_text_from_json(record, name).text;
  network.name = std::move(name);
  graph.outputs = {{.name = std::string(kNextWords), .dtype = words->second.dtype, .shape = words->second.shape}};
  graph = without_dead_nodes(graph);
  std::erase_if(graph.inputs, [](const Value& input) { return input.name == kWrittenLabels; });
  check(graph);
  network.graph = std::move(graph);
  return network;
}

}  // namespace enxerto
