#include "enxerto/files/csv_text.h"

namespace enxerto {

std::string csv_quoted(std::string_view cell) {
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_field(std::string_view cell) {
  return cell.find_first_of(",\"\r\n") == std::string_view::npos ? std::string(cell) : csv_quoted(cell);
}

}  // namespace enxerto
