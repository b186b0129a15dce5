#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace enxerto {

/// What Python's str.split() and str.strip() take for blank.
bool is_blank_point(std::uint32_t c);

/// Python's str.split(): the words of a text, which live as long as it.
std::vector<std::string_view> split_at_blanks(std::string_view text);

/// Python's str.rstrip().
std::string_view without_blanks_behind(std::string_view text);

}  // namespace enxerto
