#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/pretrained/hub/config.h"

namespace enxerto {

/// What the units of a head write that was learned by connectionist temporal classification.
struct CtcVocabulary {
  std::vector<std::string> texts;  ///< of each unit in the file's order; " " between words
  std::int64_t blank = 0;          ///< the unit that says that there is nothing to write
};

/// As Wav2Vec2CTCTokenizer of transformers reads it from a folder: vocab.json, tokenizer_config.json and
/// added_tokens.json, where they are; as many units as `config` has. nullopt where there is no vocab.json. Throws
/// Error{weights} for one that does not go with `config`, or of several languages.
std::optional<CtcVocabulary> ctc_vocabulary(const std::filesystem::path& folder, const HubConfig& config);

}  // namespace enxerto
