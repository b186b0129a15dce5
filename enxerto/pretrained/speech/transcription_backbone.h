#pragma once
#include <filesystem>
#include <string>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A network that writes what is said as one that can be trained: what it answers with are the scores of all tokens,
/// (batch, words, vocabulary), and it has the input "labels" for the head that compares them. Throws as
/// `load_transcription_network`.
Backbone transcription_backbone(const std::filesystem::path& path, const std::string& language);

}  // namespace enxerto
