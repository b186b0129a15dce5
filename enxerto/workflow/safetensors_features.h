#pragma once
#include <filesystem>

#include "enxerto/workflow/feature_file.h"

namespace enxerto {

/// The safetensors form of `write_features`.
void write_safetensors_features(const std::filesystem::path& path, const FeatureTable& table);

}  // namespace enxerto
