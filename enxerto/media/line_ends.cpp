#include "enxerto/media/line_ends.h"

#include <array>

namespace enxerto {

std::size_t size_without_line_ends(Medium medium, std::string_view bytes) {
  constexpr std::array<std::string_view, 3> kLineEnds{"", "\r\n", ""};                // in the order of the media
  return bytes.find_last_not_of(kLineEnds.at(static_cast<std::size_t>(medium))) + 1;  // npos + 1: nothing is left
}

}  // namespace enxerto
