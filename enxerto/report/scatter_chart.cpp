#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/report/chart_axis.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

void draw_truth_axis(std::string& svg, const ChartAxis& x) {
  for (const auto& [value, text] : round_ticks(x, false))
    svg += fmt::format("<text class=tick x='{:.1f}' y='{}' text-anchor=middle>{}</text>", x.place(value),
                       kChartBottom + 18, text);
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>truth</text>", (kChartLeft + kChartRight) / 2,
                     kChartHeight - 10);
}

}  // namespace

std::string scatter_chart(const Scatter& scatter) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& [truth, prediction] : scatter.points) {
    if (!std::isfinite(truth) || !std::isfinite(prediction)) continue;
    low = std::min({low, truth, prediction});
    high = std::max({high, truth, prediction});
  }
  if (!(low < high)) return "";
  const ChartAxis x = padded_axis({low, high}, 1e-9, {kChartLeft, kChartRight});
  const ChartAxis y = padded_axis({low, high}, 1e-9, {kChartBottom, kChartTop});
  std::string svg = chart_head(fmt::format("{}: prediction against truth", scatter.name));
  draw_y_axis(svg, y, false);
  draw_truth_axis(svg, x);
  svg += fmt::format("<line class=kept x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}'/>", x.place(low), y.place(low),
                     x.place(high), y.place(high));
  for (const auto& [truth, prediction] : scatter.points) {
    if (!std::isfinite(truth) || !std::isfinite(prediction)) continue;
    svg += fmt::format(
        "<circle class=hit opacity='.6' cx='{:.1f}' cy='{:.1f}' r='2.5'><title>true {}, predicted {}</title></circle>",
        x.place(truth), y.place(prediction), measure(truth), measure(prediction));
  }
  return svg + "</svg>";
}

}  // namespace enxerto
