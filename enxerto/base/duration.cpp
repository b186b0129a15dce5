#include "enxerto/base/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::array<std::pair<char, double>, 3> kUnits{{{'h', 3600}, {'m', 60}, {'s', 1}}};

}  // namespace

double seconds_of(std::string_view duration, std::string_view where) {
  const auto refuse = [&] {
    throw usage_error(std::string(where), fmt::format("'{}'", duration), "a time such as 90s, 20m or 1h30m");
  };
  std::string_view left = duration;
  const auto* unit = kUnits.begin();
  double seconds = 0;
  while (!left.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(left.data(), left.data() + left.size(), number);
    if (error != std::errc() || !std::isfinite(number) || number < 0 || end == left.data() + left.size()) refuse();
    unit = std::find_if(unit, kUnits.end(), [&](const auto& one) { return one.first == *end; });
    if (unit == kUnits.end()) refuse();
    seconds += number * unit->second;
    ++unit;
    left.remove_prefix(static_cast<std::size_t>(end - left.data()) + 1);
  }
  if (!(seconds > 0)) refuse();
  return seconds;
}

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  const auto minutes = std::llround(seconds / 60);
  if (minutes < 60) return fmt::format("{} min", minutes);
  return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace enxerto
