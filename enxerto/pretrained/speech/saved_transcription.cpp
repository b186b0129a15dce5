#include "enxerto/pretrained/speech/saved_transcription.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/pretrained/saved_writing.h"

namespace enxerto {

bool is_saved_transcription(const std::filesystem::path& path) { return is_saved_of_task(path, kSpeechToText); }

TranscriptionNetwork load_saved_transcription(const std::filesystem::path& path, const std::string& language) {
  if (!language.empty())
    throw usage_error("language", fmt::format("'{}' of a saved model, which has learned one", language), "",
                      "leave it out");
  Bundle bundle = read_bundle(path);
  TranscriptionNetwork network =
      transcription_network_of(std::move(bundle.graph), *bundle.preprocessor, path.lexically_normal().string());
  network.weights_file = (path / bundle_layout::kWeights).string();
  return network;
}

TranscriptionNetwork transcription_network_of(Graph graph, const Preprocessor& preprocessor, std::string name) {
  Json record = preprocessor.record();
  std::optional<Graph> scores = scoring_words(std::move(graph));
  if (record.value("kind", "") != "whisper" || !scores)
    throw weights_error(name, "it does not write what is said", "a network of Whisper",
                        fmt::format("one that `enxerto train` saved of the task {}", kSpeechToText));
  record.erase("kind");
  TranscriptionNetwork network;
  static_cast<TranscriptionText&>(network) = transcription_text_from_json(record, name);
  network.name = std::move(name);
  network.graph = *std::move(scores);
  return network;
}

}  // namespace enxerto
