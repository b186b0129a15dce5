#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace enxerto {

/// What sentence-transformers does with the tokens of a network.
struct SentencePooling {
  std::string pool;                     ///< a row of `HeadPooling`; "": as is usual for the network
  std::int64_t longest = 0;             ///< tokens that texts are cut at; 0: not stated
  std::vector<std::string> notes = {};  ///< what it also does, and is left out
};

/// By the modules.json of a folder, the Pooling and Normalize in it, and sentence_bert_config.json; nullopt where there
/// is no modules.json. Throws Error{weights} for a file that is malformed.
std::optional<SentencePooling> sentence_pooling(const std::filesystem::path& folder);

}  // namespace enxerto
