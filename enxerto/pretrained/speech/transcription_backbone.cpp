#include "enxerto/pretrained/speech/transcription_backbone.h"

#include <utility>

#include "enxerto/media/audio/whisper_preprocessor.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/speech/transcription_network.h"
#include "enxerto/pretrained/translation/translation_backbone.h"

namespace enxerto {

Backbone transcription_backbone(const std::filesystem::path& path, const std::string& language) {
  TranscriptionNetwork network = load_transcription_network(path, language);
  Backbone backbone;
  backbone.graph = with_labels(std::move(network.graph));
  backbone.spec.name = std::filesystem::weakly_canonical(path).filename().string();
  backbone.spec.architecture = backbone.graph.name;
  backbone.spec.source = "own";
  backbone.spec.file = std::filesystem::path(network.weights_file).filename().string();
  backbone.spec.preprocessor = whisper_preprocessor(static_cast<const TranscriptionText&>(network));
  backbone.weights_file = network.weights_file;
  backbone.sha256 = file_digests(network.weights_file, false).sha256;
  backbone.notes = std::move(network.notes);
  return backbone;
}

}  // namespace enxerto
