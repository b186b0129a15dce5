#pragma once
#include <string>

#include "enxerto/files/json.h"

namespace enxerto {

/// An object whose keys are looked up by a tree: one that keeps their order takes seconds for a vocabulary.
using VocabularyJson = nlohmann::json;

/// The parts of a tokenizer.json (huggingface/tokenizers).
struct TokenizerParts {
  Json added, normalizer, pre_tokenizer, post_processor, decoder;
  VocabularyJson model;
};

/// The text of the file.
std::string tokenizer_json(const TokenizerParts& parts);

/// A special token that is found in texts as it is written.
Json added_token(const std::string& content, const Json& id, bool lstrip = false);

/// Pieces of a TemplateProcessing: a special token, and the text "A" or "B".
Json piece_of_template(const std::string& token, int type);
Json text_of_template(const char* name, int type);

}  // namespace enxerto
