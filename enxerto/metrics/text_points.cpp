#include "enxerto/metrics/text_points.h"

#include <algorithm>
#include <cstddef>

#include "enxerto/base/utf8.h"

namespace enxerto {

bool is_blank_point(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::vector<std::string_view> split_at_blanks(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0, at = 0;
  const auto end_word = [&] {
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  };
  while (at < text.size()) {
    const CodePoint point = first_point(text.substr(at));
    if (is_blank_point(point.value)) {
      end_word();
      begin = at + point.bytes.size();
    }
    at += point.bytes.size();
  }
  end_word();
  return words;
}

std::string_view without_blanks_behind(std::string_view text) {
  const std::vector<std::string_view> words = split_at_blanks(text);
  if (words.empty()) return text.substr(0, 0);
  const std::string_view last = words.back();
  return text.substr(0, static_cast<std::size_t>(last.data() - text.data()) + last.size());
}

}  // namespace enxerto
