#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/pretrained/translation/translation_network.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// A folder of transformers whose config.json is of that model_type.
bool is_hub_folder_of(const std::filesystem::path& folder, std::string_view model_type);

/// Its weights; sets the network's name, file and notes. Throws Error{weights}.
WeightFile read_hub_weights(const std::filesystem::path& folder, TranslationNetwork& network);

}  // namespace enxerto
