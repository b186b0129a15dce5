#include "enxerto/media/text/sentencepiece_file.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/utf8.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargest = std::size_t{64} << 20;

/// A field of a message of Protocol Buffers, as it stands on the wire.
struct WireField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;      ///< of numbers
  std::string_view bytes = {};  ///< of texts, messages, and fixed numbers
};

/// Goes through the fields of one message.
class WireReader {
 public:
  WireReader(std::string_view message, const std::string& where) : message_(message), where_(where) {}

  std::optional<WireField> next() {
    if (message_.empty()) return std::nullopt;
    const std::uint64_t tag = number();
    WireField field{.number = tag >> 3U};
    switch (tag & 7U) {
      case 0:
        field.value = number();
        break;
      case 1:
        field.bytes = take(8);
        break;
      case 2:
        field.bytes = take(number());
        break;
      case 5:
        field.bytes = take(4);
        break;
      default:
        fail();
    }
    return field;
  }

 private:
  [[noreturn]] void fail() const {
    throw weights_error(where_, "damaged: a message that ends early or is none", "a SentencePiece model",
                        "download it again");
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
  }

  std::string_view take(std::uint64_t count) {
    if (count > message_.size()) fail();
    const std::string_view taken = message_.substr(0, count);
    message_.remove_prefix(count);
    return taken;
  }

  std::string_view message_;
  const std::string& where_;
};

SentencePieceFile::Piece piece_of(std::string_view message, const std::string& where) {
  SentencePieceFile::Piece piece;
  WireReader reader(message, where);
  while (const auto field = reader.next()) {
    if (field->number == 1) piece.text = as_utf8(field->bytes);
    if (field->number == 2 && field->bytes.size() == sizeof piece.score)
      std::memcpy(&piece.score, field->bytes.data(), sizeof piece.score);
    if (field->number == 3 && field->value >= 1 && field->value <= 6)
      piece.kind = static_cast<SentencePieceFile::Kind>(field->value);
  }
  return piece;
}

void read_training(std::string_view message, const std::string& where, SentencePieceFile& into) {
  WireReader reader(message, where);
  while (const auto field = reader.next()) {
    if (field->number == 3) into.model_type = static_cast<std::int64_t>(field->value);
    if (field->number == 35) into.byte_fallback = field->value != 0;
    if (field->number == 40) into.unknown_id = static_cast<std::int64_t>(field->value);
  }
}

void read_normalisation(std::string_view message, const std::string& where, SentencePieceFile& into) {
  WireReader reader(message, where);
  while (const auto field = reader.next()) {
    if (field->number == 2) into.character_map = field->bytes;
  }
}

}  // namespace

SentencePieceFile read_sentencepiece(const std::filesystem::path& path) {
  const std::string where = path.string();
  const std::string bytes = read_text(path, kLargest, ErrorKind::weights);
  SentencePieceFile file;
  WireReader reader(bytes, where);
  while (const auto field = reader.next()) {
    if (field->number == 1) file.pieces.push_back(piece_of(field->bytes, where));
    if (field->number == 2) read_training(field->bytes, where, file);
    if (field->number == 3) read_normalisation(field->bytes, where, file);
  }
  if (file.pieces.empty()) throw weights_error(where, "no pieces", "a SentencePiece model", "download it again");
  return file;
}

std::string sentencepiece_name(const std::filesystem::path& folder) {
  constexpr std::array<const char*, 4> kNames{"sentencepiece.bpe.model", "spiece.model", "sentencepiece.model",
                                              "tokenizer.model"};
  for (const char* name : kNames) {
    if (is_file(folder / name)) return name;
  }
  return "";
}

}  // namespace enxerto
