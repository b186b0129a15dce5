#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/report/chart_axis.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

void draw_recall_axis(std::string& svg, const ChartAxis& x) {
  constexpr int kTicks = 5;
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double share = static_cast<double>(tick) / kTicks;
    svg += fmt::format("<text class=tick x='{:.1f}' y='{}' text-anchor={}>{:.0f} %</text>", x.place(share),
                       kChartBottom + 18, tick == kTicks ? "end" : "middle", share * 100);
  }
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>recall</text>", (kChartLeft + kChartRight) / 2,
                     kChartHeight - 10);
}

}  // namespace

std::string recall_chart(const Scatter& curve) {
  if (curve.points.empty()) return "";
  const ChartAxis x{0, 1, kChartLeft, kChartRight}, y{0, 1, kChartBottom, kChartTop};
  std::string svg = chart_head("Precision over recall: " + curve.name);
  draw_y_axis(svg, y, true);
  draw_recall_axis(svg, x);
  std::string line, tips;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const auto [from, to] = curve.points[i];
    if (!std::isfinite(from) || !std::isfinite(to)) continue;
    const double px = x.place(std::clamp(from, 0.0, 1.0)), py = y.place(std::clamp(to, 0.0, 1.0));
    line += fmt::format("{:.1f},{:.1f} ", px, py);
    constexpr std::size_t kTipEvery = 5;
    if (i % kTipEvery == 0)
      tips += fmt::format(
          "<circle fill=transparent cx='{:.1f}' cy='{:.1f}' r='8'><title>recall {}, precision {}</title></circle>", px,
          py, percent(from), percent(to));
  }
  return svg + "<polyline class=curve points='" + line + "'/>" + tips + "</svg>";
}

}  // namespace enxerto
