#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// How a network that hears a recording and writes what is said takes both.
struct TranscriptionText {
  std::int64_t rate = 16'000;                  ///< samples a second, Hz
  std::int64_t samples = 480'000;              ///< that it hears at once
  std::vector<std::int64_t> prompt = {};       ///< the tokens that a transcript begins with
  std::int64_t end = 0;                        ///< the token that ends one
  std::vector<std::int64_t> never = {};        ///< tokens that may not come
  std::vector<std::int64_t> never_first = {};  ///< and those that may not come first
  std::int64_t longest = 448;                  ///< tokens of a transcript, the prompt's among them
  std::string tokenizer_json = {};             ///< the text of a tokenizer.json
  std::shared_ptr<const Tokenizer> tokenizer = {};
};

/// {"kind": "whisper", "rate", "samples", "prompt", "end", "never", "never_first", "longest", "tokenizer"}.
Json to_json(const TranscriptionText& text);

/// The opposite. Throws Error{data} naming `where` and the member that is missing, unknown or wrong.
TranscriptionText transcription_text_from_json(const Json& record, std::string_view where);

}  // namespace enxerto
