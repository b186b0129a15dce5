#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// Whether these are the tensors of Resemblyzer's voice encoder: an LSTM "lstm" over mel bands and a layer "linear",
/// and no word vectors.
bool is_speaker_encoder(const StateDict& file);

/// The voice encoder of a file, which hears voices as Resemblyzer prepares them. Throws Error{weights} where tensors do
/// not fit together.
Backbone speaker_backbone(const std::filesystem::path& file, const StateDict& tensors);

}  // namespace enxerto
