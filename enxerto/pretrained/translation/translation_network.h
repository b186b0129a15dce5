#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/media/text/translation_text.h"

namespace enxerto {

/// A network that writes a text in another language, and what it needs to be used as it was made.
struct TranslationNetwork : TranslationText {
  std::string name = {};
  Graph graph = {};  ///< as `marian` or `t5` of the zoo has it
  std::string weights_file = {};
  std::vector<std::string> notes = {};  ///< what the reader did on the way
};

/// Whether there is one: a folder whose config.json is of model_type "marian" or "t5", one with a model of Marian's own
/// (.npz, binary) beside SentencePiece models (.spm), or such a model itself; or a saved model that translates.
bool is_translation_network(const std::filesystem::path& path);

/// Reads it: config.json, source.spm, target.spm, vocab.json (target_vocab.json) and weights as transformers saves
/// MarianMT; the same of T5 with its spiece.model; Marian's own file, of several the .npz, with one .spm for both
/// languages or one each, in the order of their names; or a saved model. Throws Error{weights} for what is missing, and
/// for a network that is built otherwise, naming how.
TranslationNetwork load_translation_network(const std::filesystem::path& path);

}  // namespace enxerto
