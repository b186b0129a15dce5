#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/media/audio/transcription_text.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// A network that hears a recording and writes what is said, and what it needs to be used as it was made.
struct TranscriptionNetwork : TranscriptionText {
  std::string name = {};
  Graph graph = {};  ///< as `whisper` of the zoo has it
  std::string weights_file = {};
  std::vector<std::string> notes = {};  ///< what the reader did on the way
};

/// Whether there is one: a folder of transformers whose config.json is of model_type "whisper", or a saved model that
/// was made of one.
bool is_transcription_network(const std::filesystem::path& path);

/// Reads it: config.json, generation_config.json, preprocessor_config.json, tokenizer.json and weights as transformers
/// saves WhisperForConditionalGeneration; or a saved model. A network of several languages transcribes the `language`
/// ("en", "pt"), which it must be told, unless generation_config.json says one; one of English alone takes none, nor
/// does a saved model, which has learned one. Throws Error{weights} for what is missing or built otherwise,
/// Error{usage} for a language.
TranscriptionNetwork load_transcription_network(const std::filesystem::path& path, const std::string& language = "");

/// The samples of a recording as the network hears them: of full scale 1, at its rate. Throws Error{data} naming
/// `where`.
std::vector<float> heard_by(const TranscriptionText& network, const Field& recording, std::string_view where);

}  // namespace enxerto
