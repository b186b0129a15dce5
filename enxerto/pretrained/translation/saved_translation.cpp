#include "enxerto/pretrained/translation/saved_translation.h"

#include <optional>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/pretrained/saved_writing.h"

namespace enxerto {

bool is_saved_translation(const std::filesystem::path& path) { return is_saved_of_task(path, "sequence_to_sequence"); }

TranslationNetwork load_saved_translation(const std::filesystem::path& path) {
  Bundle bundle = read_bundle(path);
  TranslationNetwork network =
      translation_network_of(std::move(bundle.graph), *bundle.preprocessor, path.lexically_normal().string());
  network.weights_file = (path / bundle_layout::kWeights).string();
  return network;
}

TranslationNetwork translation_network_of(Graph graph, const Preprocessor& preprocessor, std::string name) {
  Json record = preprocessor.record();
  std::optional<Graph> scores = scoring_words(std::move(graph));
  if (record.value("kind", "") != "translation" || !scores)
    throw weights_error(name, "it does not write one text for another", "a network that translates",
                        "one that `enxerto train --task sequence_to_sequence` saved");
  record.erase("kind");
  TranslationNetwork network;
  static_cast<TranslationText&>(network) = translation_text_from_json(record, name).text;
  network.name = std::move(name);
  network.graph = *std::move(scores);
  return network;
}

}  // namespace enxerto
