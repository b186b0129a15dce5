#pragma once
#include <cstddef>
#include <cstdint>

/// What crosses between the front and libenxerto_text.so: numbers and bytes only. crate/src/lib.rs has the same layouts
/// and functions; whoever changes one changes the other, and counts `kTextModuleVersion` up.
extern "C" {

struct EnxertoTokenizer;
struct EnxertoEncoding;

/// Bytes of UTF-8; those that a function writes are given back with `text_free`.
struct EnxertoText {
  const char* data;
  std::size_t size;
};

struct EnxertoTruncation {
  std::size_t max_length;  ///< tokens, those of the template counted; 0: not cut
  std::size_t stride;      ///< tokens that a window shares with the one before it
  std::int32_t strategy;   ///< 0 longest_first, 1 only_first, 2 only_second
  std::int32_t left;       ///< the beginning is cut off, not the end
  std::int32_t add_special;
};

struct EnxertoTokenizerFacts {
  std::size_t pieces;  ///< different pieces, added ones counted
  std::size_t ids;     ///< one more than the largest id
  std::size_t added_single, added_pair;
  std::int64_t unknown;  ///< -1: none
};

struct EnxertoWindow {
  std::size_t count;
  const std::uint32_t *ids, *type_ids, *attention, *special;
  const std::int32_t* sequences;
  const std::uint32_t* offsets;
  const char* pieces;
  const std::size_t* piece_ends;
};

/// Functions that give an int return 0, or 1 with the reason in `error`.
struct EnxertoTextFunctions {
  void (*text_free)(EnxertoText text);
  int (*open)(EnxertoText json, EnxertoTokenizer** out, EnxertoText* error);
  void (*close)(EnxertoTokenizer* tokenizer);
  EnxertoTokenizerFacts (*facts)(const EnxertoTokenizer* tokenizer);
  int (*encode)(const EnxertoTokenizer* tokenizer, const EnxertoText* texts, std::size_t fields,
                EnxertoTruncation truncation, EnxertoEncoding** out, EnxertoText* error);
  std::size_t (*windows)(const EnxertoEncoding* encoding);
  EnxertoWindow (*window)(const EnxertoEncoding* encoding, std::size_t number);
  void (*encoding_free)(EnxertoEncoding* encoding);
  int (*decode)(const EnxertoTokenizer* tokenizer, const std::uint32_t* ids, std::size_t count,
                std::int32_t skip_special, EnxertoText* out, EnxertoText* error);
  std::int64_t (*id)(const EnxertoTokenizer* tokenizer, EnxertoText piece);
  int (*piece)(const EnxertoTokenizer* tokenizer, std::uint32_t id, EnxertoText* out);
  int (*fill)(EnxertoText jinja, EnxertoText values, EnxertoText* out, EnxertoText* error);
  int (*learn)(EnxertoText json, EnxertoText texts, std::size_t pieces, EnxertoText* out, EnxertoText* error);
};
}

namespace enxerto {

inline constexpr int kTextModuleVersion = 3;

/// The module's one exported symbol; nullptr for another version.
using TextModuleEntry = const EnxertoTextFunctions* (*)(int version);
inline constexpr const char* kTextModuleEntryName = "enxerto_text_module";

}  // namespace enxerto
