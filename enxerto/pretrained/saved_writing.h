#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Whether `path` is a saved model of this task. One that cannot be read is none: whoever reads it says so.
bool is_saved_of_task(const std::filesystem::path& path, std::string_view task);

/// The part of a saved network that scores the words of a text that is written: its output is `kNextWords`, and it has
/// no input for what was to be written. nullopt where there are no such scores.
std::optional<Graph> scoring_words(Graph graph);

}  // namespace enxerto
