#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/text/folder_config.h"

namespace enxerto {

/// What a SentencePiece .model says (sentencepiece_model.proto of google/sentencepiece).
struct SentencePieceFile {
  enum class Kind : std::uint8_t { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };
  struct Piece {
    std::string text;
    float score = 0;
    Kind kind = Kind::normal;
  };
  std::vector<Piece> pieces;
  std::int64_t model_type = 1;  ///< 1: unigram, 2: BPE
  std::int64_t unknown_id = 0;
  std::string character_map;  ///< precompiled, as the library reads it; "" for none
  bool byte_fallback = false;
};

/// Reads a file of at most 64 MiB. Throws Error{weights} naming it: truncated, no such message, no pieces.
SentencePieceFile read_sentencepiece(const std::filesystem::path& path);

/// The name of the folder's SentencePiece file; "" where there is none.
std::string sentencepiece_name(const std::filesystem::path& folder);

/// The tokenizer.json that transformers makes of such a folder (convert_slow_tokenizer: XLMRobertaConverter,
/// T5Converter), by the tokenizer_class of tokenizer_config.json, or the model_type of config.json. Throws
/// Error{weights} for another class, and for a model that is not unigram.
std::string sentencepiece_tokenizer(const FolderConfig& config);

/// The same of any unigram model, with its own numbers for pieces and nothing put around a text. Throws Error{weights}
/// naming `where` for another kind.
std::string unmarked_tokenizer(const SentencePieceFile& file, std::string_view where);

}  // namespace enxerto
