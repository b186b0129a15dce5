#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/report/chart_axis.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {

namespace {

bool drawable(const LineChart::Point& point) { return std::isfinite(point.x) && point.x > 0 && std::isfinite(point.y); }

void draw_x_axis(std::string& svg, const ChartAxis& x, const std::string& label) {
  const double step = std::max(1.0, std::ceil((x.high - x.low) / 7));
  for (double power = std::ceil(x.low); power <= x.high; power += step) {
    const double whole = power == 0 ? 0 : power;  // and not -0
    svg += fmt::format(
        "<text class=tick x='{:.1f}' y='{}' text-anchor=middle>10<tspan dy='-5' font-size='8'>{:.0f}</tspan>"
        "</text>",
        x.place(whole), kChartBottom + 18, whole);
  }
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>{}</text>", (kChartLeft + kChartRight) / 2,
                     kChartHeight - 10, escape_html(label));
}

void draw_points(std::string& svg, const LineChart& chart, const ChartAxis& x, const ChartAxis& y) {
  std::string line, dots;
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    const LineChart::Point& point = chart.points[i];
    if (!drawable(point)) continue;
    const double px = x.place(std::log10(point.x)), py = y.place(point.y);
    line += fmt::format("{:.1f},{:.1f} ", px, py);
    const bool chosen = std::ranges::find(chart.chosen, i) != chart.chosen.end();
    dots += fmt::format("<circle class={} cx='{:.1f}' cy='{:.1f}' r='{}'><title>{}</title></circle>",
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
  const ChartAxis x = padded_axis({x_low, x_high}, 0.3, {kChartLeft, kChartRight});
  const ChartAxis y = padded_axis({y_low, y_high}, std::max(1e-4, std::abs(y_high) * 1e-3), {kChartBottom, kChartTop});
  std::string svg = chart_head(chart.title);
  draw_y_axis(svg, y, chart.as_percent);
  draw_x_axis(svg, x, chart.x_label);
  draw_points(svg, chart, x, y);
  return svg + "</svg>";
}

}  // namespace enxerto
