#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace enxerto {

/// Calls `each(line, number)` for every line of `text`, numbers from 1 on, without the '\n' behind it. A '\r' of
/// another system stays.
template <typename Each>
void for_each_line(std::string_view text, Each each) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    each(text.substr(0, end), number);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

/// What stands between any of the characters `between`.
std::vector<std::string_view> words_between(std::string_view line, std::string_view between);

/// Without blanks and '\r' at its end.
inline std::string_view right_trimmed(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);  // npos + 1 is 0
}

}  // namespace enxerto
