#include "enxerto/media/text/code_points.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(std::string_view text, std::size_t at, std::string_view where) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::string place = fmt::format("at line {}, byte {} of the text", line, at - begin + 1);
  if (byte == 0)
    throw data_error(std::string(where), fmt::format("a zero byte {}: not text, or text in UTF-16", place),
                     "text in UTF-8", "save it as UTF-8");
  throw data_error(std::string(where), fmt::format("the byte 0x{:02X} {}, which is not UTF-8", byte, place),
                   "text in UTF-8", "save it as UTF-8; Latin-1 or Windows-1252 is converted by iconv");
}

}  // namespace

std::vector<std::size_t> code_point_begins(std::string_view text) {
  std::vector<std::size_t> begins;
  begins.reserve(text.size() + 1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) begins.push_back(at);
  }
  begins.push_back(text.size());
  return begins;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

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

void require_utf8(std::string_view text, std::string_view where) {
  if (const std::size_t at = first_bad_byte(text); at < text.size()) refuse(text, at, where);
}

}  // namespace enxerto
