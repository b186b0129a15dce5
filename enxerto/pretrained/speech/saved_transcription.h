#pragma once
#include <filesystem>
#include <string>

#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/speech/transcription_network.h"

namespace enxerto {

/// The task of networks that write what is said, as saved models name it.
inline constexpr const char* kSpeechToText = "speech_to_text";

/// A saved model of that task.
bool is_saved_transcription(const std::filesystem::path& path);
TranscriptionNetwork load_saved_transcription(const std::filesystem::path& path, const std::string& language);

/// What `graph`, which scores the tokens of a transcript, is used as; `preprocessor` is one of `whisper_preprocessor`.
/// Throws Error{weights} naming `name` for other ones.
TranscriptionNetwork transcription_network_of(Graph graph, const Preprocessor& preprocessor, std::string name);

}  // namespace enxerto
