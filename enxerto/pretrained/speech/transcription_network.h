#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// A network that hears a recording and writes what is said, and what it needs to be used as it was made.
struct TranscriptionNetwork {
  std::string name = {};
  Graph graph = {};                            ///< as `whisper` of the zoo has it
  std::int64_t rate = 16'000;                  ///< samples a second, Hz
  std::int64_t samples = 480'000;              ///< that it hears at once
  std::vector<std::int64_t> prompt = {};       ///< the tokens that a transcript begins with
  std::int64_t end = 0;                        ///< the token that ends one
  std::vector<std::int64_t> never = {};        ///< tokens that may not come
  std::vector<std::int64_t> never_first = {};  ///< and those that may not come first
  std::int64_t longest = 448;                  ///< tokens of a transcript, the prompt's among them
  std::shared_ptr<const Tokenizer> tokenizer = {};
  std::string weights_file = {};
  std::vector<std::string> notes = {};  ///< what the reader did on the way
};

/// Whether there is one: a folder of transformers whose config.json is of model_type "whisper".
bool is_transcription_network(const std::filesystem::path& path);

/// Reads it: config.json, generation_config.json, preprocessor_config.json, tokenizer.json and weights as transformers
/// saves WhisperForConditionalGeneration. A network of several languages transcribes the `language` ("en", "pt"), which
/// it must be told; one of English alone takes none. Throws Error{weights} for what is missing or built otherwise,
/// Error{usage} for a language.
TranscriptionNetwork load_transcription_network(const std::filesystem::path& path, const std::string& language = "");

}  // namespace enxerto
