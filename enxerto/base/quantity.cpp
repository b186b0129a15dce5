#include "enxerto/base/quantity.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace enxerto {

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, unit > 0 && value < 99.95 ? 1 : 0, kUnits.at(unit));
}

std::string format_count(std::uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
  const std::string number = format_count(count);
  if (count == 1) return fmt::format("{} {}", number, singular);
  return plural.empty() ? fmt::format("{} {}s", number, singular) : fmt::format("{} {}", number, plural);
}

std::string percent(double share) {
  constexpr double kRounding = 1e-9;
  if (!std::isfinite(share)) return "–";
  if (share < 1 && share > 1 - kRounding) share = 1;
  std::string text;
  for (int decimals = 1; decimals <= 4; ++decimals) {
    text = fmt::format("{:.{}f} %", share * 100, decimals);
    if (share >= 1 || !text.starts_with("100")) break;
  }
  return text;
}

}  // namespace enxerto
