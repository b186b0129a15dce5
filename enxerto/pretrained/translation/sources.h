#pragma once
#include <filesystem>

#include "enxerto/pretrained/translation/translation_network.h"

namespace enxerto {

/// A folder of transformers with model_type "marian".
bool is_marian_hub_folder(const std::filesystem::path& folder);
TranslationNetwork load_marian_hub_folder(const std::filesystem::path& folder);

/// The same of model_type "t5", with the SentencePiece model spiece.model.
bool is_t5_hub_folder(const std::filesystem::path& folder);
TranslationNetwork load_t5_hub_folder(const std::filesystem::path& folder);

/// A model that Marian has saved, or the folder that has one.
bool is_own_marian(const std::filesystem::path& path);
TranslationNetwork load_own_marian(const std::filesystem::path& path);

}  // namespace enxerto
