#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace enxerto {

/// Where each code point of `text`, which is UTF-8, begins, bytes; last, the end of the text.
std::vector<std::size_t> code_point_begins(std::string_view text);

/// Whether `text` has nothing but spaces, tabs and line ends.
bool is_blank(std::string_view text);

}  // namespace enxerto
