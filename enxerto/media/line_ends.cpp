#include "enxerto/media/line_ends.h"

namespace enxerto {

std::size_t size_without_line_ends(Medium medium, std::string_view bytes) {
  return bytes.find_last_not_of(medium_row(medium).line_ends) + 1;  // npos + 1: nothing is left
}

}  // namespace enxerto
