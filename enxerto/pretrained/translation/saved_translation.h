#pragma once
#include <filesystem>

#include "enxerto/media/preprocessor.h"
#include "enxerto/pretrained/translation/translation_network.h"

namespace enxerto {

/// A saved model of the task `sequence_to_sequence`.
bool is_saved_translation(const std::filesystem::path& path);
TranslationNetwork load_saved_translation(const std::filesystem::path& path);

/// What `graph`, which scores the words of a text that is written, is used as; `preprocessor` is one of
/// `translation_preprocessor`. Throws Error{weights} naming `name` for other ones.
TranslationNetwork translation_network_of(Graph graph, const Preprocessor& preprocessor, std::string name);

}  // namespace enxerto
