#include "enxerto/data/text_lines.h"

#include <algorithm>

namespace enxerto {

std::vector<std::string> text_lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const std::size_t last = line.find_last_not_of(" \t\r"); last != std::string_view::npos)
      lines.emplace_back(line.substr(0, last + 1));
  }
  return lines;
}

}  // namespace enxerto
