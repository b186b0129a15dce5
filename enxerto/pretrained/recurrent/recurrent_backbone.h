#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/recurrent/recurrent_weights.h"

namespace enxerto {

/// The network of a weight file, with the tokenizer that lies beside it: one of those that `text_record` reads, or the
/// one file whose name ends in "vocab.json" and that has a number for each character (textgenrnn's). Throws
/// Error{weights} where there is none, or one with more words than the network has vectors.
Backbone recurrent_backbone(const std::filesystem::path& file, RecurrentWeights weights);

}  // namespace enxerto
