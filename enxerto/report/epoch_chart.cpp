#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/report/chart_axis.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

struct DrawnCurve {
  const std::vector<double>& values;
  std::string_view css, name;
};

void draw_curve(std::string& svg, const DrawnCurve& curve, const ChartAxis& x, const ChartAxis& y) {
  std::string line, dots;
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    if (!std::isfinite(curve.values[i])) continue;
    const double px = x.place(static_cast<double>(i + 1)), py = y.place(curve.values[i]);
    line += fmt::format("{:.1f},{:.1f} ", px, py);
    dots +=
        fmt::format("<circle class='dot {}' cx='{:.1f}' cy='{:.1f}' r='3'><title>epoch {}, {}: {:.4g}</title></circle>",
                    curve.css, px, py, i + 1, curve.name, curve.values[i]);
  }
  svg += fmt::format("<polyline class='curve {}' points='{}'/>", curve.css, line) + dots;
}

void draw_epochs(std::string& svg, const ChartAxis& x, std::size_t epochs) {
  const std::size_t step = std::max<std::size_t>(1, (epochs + 7) / 8);
  for (std::size_t epoch = 1; epoch <= epochs; epoch += step)
    svg += fmt::format("<text class=tick x='{:.1f}' y='{}' text-anchor=middle>{}</text>",
                       x.place(static_cast<double>(epoch)), kChartBottom + 18, epoch);
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>epoch</text>", (kChartLeft + kChartRight) / 2,
                     kChartHeight - 10);
}

}  // namespace

std::string epoch_chart(const EpochChart& chart) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto* values : {&chart.training, &chart.validation}) {
    for (const double value : *values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  const std::size_t epochs = std::max(chart.training.size(), chart.validation.size());
  if (low > high || epochs < 2) return "";
  const ChartAxis x = padded_axis({1, static_cast<double>(epochs)}, 0.3, {kChartLeft, kChartRight});
  const ChartAxis y = padded_axis({low, high}, std::max(1e-4, std::abs(high) * 1e-3), {kChartBottom, kChartTop});
  std::string svg = chart_head(chart.title);
  draw_y_axis(svg, y, chart.as_percent);
  draw_epochs(svg, x, epochs);
  if (chart.chosen > 0)
    svg += fmt::format("<line class=kept x1='{0:.1f}' x2='{0:.1f}' y1='{1}' y2='{2}'/>",
                       x.place(static_cast<double>(chart.chosen)), kChartTop, kChartBottom);
  draw_curve(svg, {chart.training, "training", "training"}, x, y);
  draw_curve(svg, {chart.validation, "validation", chart.part}, x, y);
  return svg + "</svg>";
}

}  // namespace enxerto
