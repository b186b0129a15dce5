#pragma once
#include <filesystem>
#include <string>

#include "enxerto/pretrained/speech/transcription_network.h"

namespace enxerto {

/// A folder of transformers with model_type "whisper".
bool is_whisper_hub_folder(const std::filesystem::path& path);
TranscriptionNetwork load_whisper_hub_folder(const std::filesystem::path& path, const std::string& language);

}  // namespace enxerto
