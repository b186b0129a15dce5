#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/zoo/speaker_encoder.h"

namespace enxerto {

/// Whether these are the tensors of Resemblyzer's voice encoder: an LSTM "lstm" over mel bands and a layer "linear",
/// and no word vectors.
bool is_speaker_encoder(const StateDict& file);

/// The parameters of `speaker_encoder` from those tensors, and its layers and widths into `config`. Throws
/// Error{weights} naming `where` where they do not fit together.
StateDict speaker_parameters(const StateDict& tensors, SpeakerEncoderConfig& config, std::string_view where);

/// The voice encoder of a file, which hears voices as Resemblyzer prepares them. Throws Error{weights} where tensors do
/// not fit together.
Backbone speaker_backbone(const std::filesystem::path& file, const StateDict& tensors);

}  // namespace enxerto
