#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A translation network as one that can be trained: what it answers with are the scores of all words, (batch, words,
/// vocabulary), and it has the input "labels" for the head that compares them. Throws as `load_translation_network`.
Backbone translation_backbone(const std::filesystem::path& path);

/// The graph of it, of one as `marian` of the zoo has it.
Graph with_labels(Graph network);

}  // namespace enxerto
