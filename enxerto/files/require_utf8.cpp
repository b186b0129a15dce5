#include "enxerto/files/require_utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kLookedAt = 4096;   // of the text, for signs of another encoding
constexpr std::size_t kLongestWord = 24;  // characters each side of the byte

/// Code points of the bytes 0x80 to 0x9F in Windows-1252, whose others are those of Latin-1; 0 where it has none.
constexpr std::array<std::uint32_t, 32> kWindows1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                     0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

bool is_marked_as_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

bool is_part_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/// The word around a byte.
std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t begin = at, end = at + 1;
  while (begin > 0 && at - begin < kLongestWord && is_part_of_word(text[begin - 1])) --begin;
  while (end < text.size() && end - at < kLongestWord && is_part_of_word(text[end])) ++end;
  return text.substr(begin, end - begin);
}

/// "" where one of its bytes is none of Windows-1252.
std::string from_windows_1252(std::string_view word) {
  std::string text;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t point = byte >= 0x80 && byte < 0xA0 ? kWindows1252.at(byte - 0x80U) : byte;
    if (point == 0) return "";
    text += point_text(point);
  }
  return text;
}

}  // namespace

std::size_t first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = byte == 0 ? 0 : byte < 0x80 ? 1 : utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

bool is_utf16(std::string_view text) {
  const std::string_view begin = text.substr(0, kLookedAt);
  return is_marked_as_utf16(begin) || 4 * std::ranges::count(begin, '\0') > std::ssize(begin);
}

std::optional<ErrorText> wrong_encoding(std::string_view text, std::string_view where) {
  const std::size_t at = first_bad_byte(text);
  if (at == text.size()) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto byte = static_cast<unsigned char>(text[at]);
  const bool lines = text.find('\n') != std::string_view::npos;  // else `where` says which it is
  const std::string place =
      fmt::format("at {}byte {} of the text", lines ? fmt::format("line {}, ", line) : "", at - begin + 1);
  ErrorText wrong{.where = std::string(where), .found = {}, .expected = "text in UTF-8", .tip = {}};
  if (byte == 0 || is_marked_as_utf16(text)) {
    wrong.found = byte == 0 ? fmt::format("a zero byte {}: not text, or text in UTF-16", place) : "text in UTF-16";
    wrong.tip = "save it as UTF-8; `iconv -f UTF-16 -t UTF-8 OLD > NEW` converts UTF-16";
    return wrong;
  }
  const std::string guessed = from_windows_1252(word_at(text, at));
  wrong.found = fmt::format("the byte 0x{:02X} {}, which is not UTF-8", byte, place);
  if (!guessed.empty()) wrong.found += fmt::format("; in Windows-1252 the word is '{}'", guessed);
  wrong.tip =
      "save it as UTF-8 (spreadsheets call that CSV UTF-8), or, where that word is right, `iconv -f WINDOWS-1252 -t "
      "UTF-8 OLD > NEW`";
  return wrong;
}

void require_utf8(std::string_view text, std::string_view where) {
  if (std::optional<ErrorText> wrong = wrong_encoding(text, where)) throw Error(ErrorKind::data, *std::move(wrong));
}

}  // namespace enxerto
