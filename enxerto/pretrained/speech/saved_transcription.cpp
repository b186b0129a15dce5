#include "enxerto/pretrained/speech/saved_transcription.h"

#include <fmt/format.h>

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

bool is_saved_transcription(const std::filesystem::path& path) {
  constexpr std::size_t kLargestTask = std::size_t{64} << 20;
  if (!is_bundle(path)) return false;
  try {
    const Json task = read_json(task_file(path), kLargestTask, ErrorKind::weights);
    return task.is_object() && task.value("kind", "") == kSpeechToText;
  } catch (const Error&) {
    return false;  // of another version, or damaged: whoever reads it says so
  }
}

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
  const ValueTypes types = infer_shapes(graph);
  const auto words = types.find(std::string(kNextWords));
  if (record.value("kind", "") != "whisper" || words == types.end())
    throw weights_error(name, "it does not write what is said", "a network of Whisper",
                        fmt::format("one that `enxerto train` saved of the task {}", kSpeechToText));
  record.erase("kind");
  TranscriptionNetwork network;
  static_cast<TranscriptionText&>(network) = transcription_text_from_json(record, name);
  network.name = std::move(name);
  graph.outputs = {{.name = std::string(kNextWords), .dtype = words->second.dtype, .shape = words->second.shape}};
  graph = without_dead_nodes(graph);
  std::erase_if(graph.inputs, [](const Value& input) { return input.name == kWrittenLabels; });
  check(graph);
  network.graph = std::move(graph);
  return network;
}

}  // namespace enxerto
