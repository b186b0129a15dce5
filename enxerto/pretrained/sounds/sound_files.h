#pragma once
#include <filesystem>
#include <optional>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// The network that hears whose weights `weights`, read from `file`, are, by their names: a speaker encoder of
/// Resemblyzer, YAMNet, a CNN14 of PANNs. nullopt for others. Throws Error{weights} naming the file for tensors of one
/// of them that do not fit.
std::optional<Backbone> sound_file_backbone(const std::filesystem::path& file, const WeightFile& weights);

/// "embedding_model.onnx" beside its front end "melspectrogram.onnx", or a folder of both: the speech embedding as
/// openWakeWord ships it.
bool is_speech_embedding(const std::filesystem::path& path);
Backbone speech_embedding_backbone(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace enxerto
