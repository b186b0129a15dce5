#pragma once
#include <cstdint>
#include <filesystem>

#include "enxerto/pretrained/hub/config.h"
#include "enxerto/pretrained/translation/translation_network.h"

namespace enxerto {

/// What a kind of network begins and ends with where its folder does not say, and how many words it has.
struct UsualWriting {
  std::int64_t begin = 0, end = 0, words = 0;
};

/// Sets how a network of a folder of transformers writes (begin, end, never, forced_end, beams): as its
/// generation_config.json says, else its config.json, else as usual. Throws Error{weights} for words that there are
/// not.
void set_writing(TranslationNetwork& network, const std::filesystem::path& folder, const HubConfig& config,
                 const UsualWriting& usual);

}  // namespace enxerto
