#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace enxerto {

/// A character of a text, as Python counts them.
struct CodePoint {
  std::uint32_t value = 0;
  std::string_view bytes;
};

/// The first of `text`, which is not empty. A byte that is no UTF-8 stands for itself.
CodePoint first_point(std::string_view text);

/// What Python's str.split() and str.strip() take for blank.
bool is_blank_point(std::uint32_t c);

/// Python's str.split(): the words of a text, which live as long as it.
std::vector<std::string_view> split_at_blanks(std::string_view text);

/// Python's str.rstrip().
std::string_view without_blanks_behind(std::string_view text);

}  // namespace enxerto
