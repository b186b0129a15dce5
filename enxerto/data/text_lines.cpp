#include "enxerto/data/text_lines.h"

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"

namespace enxerto {

std::vector<std::string> text_lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t) {
    if (line = right_trimmed(line); !line.empty()) lines.emplace_back(line);
  });
  return lines;
}

std::vector<std::string> all_text_lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
  });
  return lines;
}

}  // namespace enxerto
