#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace enxerto {

/// Where each code point of `text`, which is UTF-8, begins, bytes; last, the end of the text.
std::vector<std::size_t> code_point_begins(std::string_view text);

/// Where the first byte of `text` is that is not UTF-8 (RFC 3629), or is NUL; the end of the text where there is none.
std::size_t first_bad_byte(std::string_view text);

/// Throws Error{data} naming `where`, line and byte unless `text` is UTF-8 (RFC 3629) without NUL bytes.
void require_utf8(std::string_view text, std::string_view where);

/// Whether `text` has nothing but spaces, tabs and line ends.
bool is_blank(std::string_view text);

}  // namespace enxerto
