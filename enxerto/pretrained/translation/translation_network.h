#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/media/text/numbered_pieces.h"

namespace enxerto {

/// A network that writes a text in another language, and what it needs to be used as it was made.
struct TranslationNetwork {
  std::string name = {};
  Graph graph = {};  ///< as `marian` or `t5` of the zoo has it
  std::shared_ptr<const NumberedPieces> source = nullptr, target = nullptr;
  std::int64_t begin = 0;                       ///< stands before the first word of the target
  std::int64_t end = 0;                         ///< stands behind the source, and ends the target
  std::vector<std::int64_t> never = {};         ///< words that are never written
  std::optional<std::int64_t> forced_end = {};  ///< what the last word is where there is no room for another
  std::int64_t longest = 512;                   ///< tokens of a text
  std::int64_t beams = 1;                       ///< with which its makers translate
  std::string weights_file = {};
  std::vector<std::string> notes = {};  ///< what the reader did on the way
};

/// Whether there is one: a folder whose config.json is of model_type "marian" or "t5", or one with a model of Marian's
/// own
/// (.npz, binary) beside SentencePiece models (.spm); or such a model itself.
bool is_translation_network(const std::filesystem::path& path);

/// Reads it: config.json, source.spm, target.spm, vocab.json (target_vocab.json) and weights as transformers saves
/// MarianMT; the same of T5 with its spiece.model; or Marian's own file, of several the .npz, with one .spm for both
/// languages or one each, in the order of their names. Throws Error{weights} for what is missing, and for a network
/// that is built otherwise, naming how.
TranslationNetwork load_translation_network(const std::filesystem::path& path);

}  // namespace enxerto
