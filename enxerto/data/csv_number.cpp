#include "enxerto/data/csv_number.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "enxerto/data/csv_file.h"

namespace enxerto {

std::optional<float> csv_number(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  if (!(std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max()))) return std::nullopt;
  return static_cast<float>(value);
}

bool is_binary(std::string_view cell) {
  const auto number = csv_number(cell);
  return number && (*number == 0.0F || *number == 1.0F);
}

}  // namespace enxerto
