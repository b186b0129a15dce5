#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {

namespace {

constexpr double kWidth = 440, kHeight = 240, kLeft = 58, kRight = 424, kTop = 34, kBottom = 192;

struct Axis {
  double low = 0, high = 1, begin = 0, end = 1;
  double place(double value) const { return begin + (value - low) / (high - low) * (end - begin); }
};

bool drawable(const LineChart::Point& point) { return std::isfinite(point.x) && point.x > 0 && std::isfinite(point.y); }

Axis padded(double low, double high, double least, double begin, double end) {
  const double pad = std::max((high - low) * 0.08, least);
  return {.low = low - pad, .high = high + pad, .begin = begin, .end = end};
}

/// A step of 1, 2 or 5 times a power of ten that gives three to five ticks.
double tick_step(double range) {
  const double power = std::pow(10, std::floor(std::log10(range / 3)));
  const double ratio = range / 3 / power;
  return power * (ratio >= 5 ? 5 : ratio >= 2 ? 2 : 1);
}

void draw_y_axis(std::string& svg, const Axis& y, bool as_percent) {
  const double step = tick_step(y.high - y.low);
  const int decimals =
      std::clamp(static_cast<int>(-std::floor(std::log10(step * (as_percent ? 100 : 1)) + 1e-9)), 0, 6);
  for (double value = std::ceil(y.low / step) * step; value <= y.high + step * 1e-6; value += step) {
    fmt::format_to(std::back_inserter(svg),
                   "<line class=grid x1='{}' x2='{}' y1='{:.1f}' y2='{:.1f}'/><text class=tick x='{}' y='{:.1f}' "
                   "text-anchor=end>{:.{}f}{}</text>",
                   kLeft, kRight, y.place(value), y.place(value), kLeft - 8, y.place(value) + 4,
                   as_percent ? value * 100 : value, decimals, as_percent ? " %" : "");
  }
}

void draw_x_axis(std::string& svg, const Axis& x, const std::string& label) {
  const double step = std::max(1.0, std::ceil((x.high - x.low) / 7));
  for (double power = std::ceil(x.low); power <= x.high; power += step) {
    fmt::format_to(std::back_inserter(svg),
                   "<text class=tick x='{:.1f}' y='{}' text-anchor=middle>10<tspan dy='-5' font-size='8'>{:.0f}</tspan>"
                   "</text>",
                   x.place(power), kBottom + 18, power);
  }
  fmt::format_to(std::back_inserter(svg), "<text class=tick x='{}' y='{}' text-anchor=middle>{}</text>",
                 (kLeft + kRight) / 2, kHeight - 10, escape_html(label));
}

void draw_points(std::string& svg, const LineChart& chart, const Axis& x, const Axis& y) {
  std::string line, dots;
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const LineChart::Point& point = chart.points[i];
    if (!drawable(point)) continue;
    const double px = x.place(std::log10(point.x)), py = y.place(point.y);
    fmt::format_to(std::back_inserter(line), "{:.1f},{:.1f} ", px, py);
    const bool chosen = chart.chosen == i;
    fmt::format_to(std::back_inserter(dots),
                   "<circle class={} cx='{:.1f}' cy='{:.1f}' r='{}'><title>{}</title></circle>",
                   chosen ? "chosen" : "dot", px, py, chosen ? 6 : 4, escape_html(point.tip));
  }
  svg += "<polyline class=curve points='" + line + "'/>" + dots;
}

}  // namespace

std::string line_chart(const LineChart& chart) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double x_low = kInfinity, x_high = -kInfinity, y_low = kInfinity, y_high = -kInfinity;
  for (const LineChart::Point& point : chart.points) {
    if (!drawable(point)) continue;
    x_low = std::min(x_low, std::log10(point.x));
    x_high = std::max(x_high, std::log10(point.x));
    y_low = std::min(y_low, point.y);
    y_high = std::max(y_high, point.y);
  }
  if (x_low > x_high) return "";
  const Axis x = padded(x_low, x_high, 0.3, kLeft, kRight);
  const Axis y = padded(y_low, y_high, std::max(1e-4, std::abs(y_high) * 1e-3), kBottom, kTop);
  std::string svg = fmt::format(
      "<svg class=chart viewBox='0 0 {} {}' role=img aria-label='{}'><text class=name x='{}' y='18'>{}</text>", kWidth,
      kHeight, escape_html(chart.title), kLeft, escape_html(chart.title));
  draw_y_axis(svg, y, chart.as_percent);
  draw_x_axis(svg, x, chart.x_label);
  draw_points(svg, chart, x, y);
  return svg + "</svg>";
}

}  // namespace enxerto
