#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace enxerto {

/// What sentence-transformers does with the tokens of a network.
struct SentencePooling {
  std::string pool;                     ///< a row of `HeadPooling`; "": as is usual for the network
  std::vector<std::string> notes = {};  ///< what it also does, and is left out
};

/// By the modules.json of a folder and the Pooling and Normalize in it; nullopt where there
/// is no modules.json. Throws Error{weights} for a file that is malformed.
std::optional<SentencePooling> sentence_pooling(const std::filesystem::path& folder);

}  // namespace enxerto
