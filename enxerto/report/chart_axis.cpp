#include "enxerto/report/chart_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/report/format.h"

namespace enxerto {
namespace {

/// A step of 1, 2 or 5 times a power of ten that gives three to five ticks.
double tick_step(double range) {
  const double power = std::pow(10, std::floor(std::log10(range / 3)));
  const double ratio = range / 3 / power;
  return power * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1);
}

}  // namespace

ChartAxis padded_axis(std::pair<double, double> range, double least, std::pair<double, double> ends) {
  const double pad = std::max((range.second - range.first) * 0.08, least);
  return {.low = range.first - pad, .high = range.second + pad, .begin = ends.first, .end = ends.second};
}

std::string chart_head(std::string_view title) {
  const std::string text = escape_html(title);
  return fmt::format(
      "<svg class=chart viewBox='0 0 {} {}' role=img aria-label='{}'><text class=name x='{}' y='18'>{}</text>",
      kChartWidth, kChartHeight, text, kChartLeft, text);
}

std::vector<AxisTick> round_ticks(const ChartAxis& axis, bool as_percent) {
  const double step = tick_step(axis.high - axis.low);
  const int decimals =
      std::clamp(static_cast<int>(-std::floor(std::log10(step * (as_percent ? 100 : 1)) + 1e-9)), 0, 6);
  std::vector<AxisTick> ticks;
  for (double tick = std::ceil(axis.low / step) * step; tick <= axis.high + step * 1e-6; tick += step) {
    const double value = std::abs(tick) < step * 1e-6 ? 0 : tick;  // and not -0
    ticks.push_back(
        {value, fmt::format("{:.{}f}{}", as_percent ? value * 100 : value, decimals, as_percent ? " %" : "")});
  }
  return ticks;
}

void draw_y_axis(std::string& svg, const ChartAxis& y, bool as_percent) {
  for (const auto& [value, text] : round_ticks(y, as_percent))
    svg += fmt::format(
        "<line class=grid x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}'/><text class=tick x='{}' y='{:.1f}' "
        "text-anchor=end>{}</text>",
        kChartLeft, kChartRight, y.place(value), y.place(value), kChartLeft - 8, y.place(value) + 4, text);
}

}  // namespace enxerto
