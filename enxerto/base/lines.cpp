#include "enxerto/base/lines.h"

#include <algorithm>

namespace enxerto {

std::vector<std::string_view> words_between(std::string_view line, std::string_view between) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(between); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(between, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(between, end);
  }
  return words;
}

}  // namespace enxerto
