#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/report/chart_axis.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

/// 0.01 %, 0.1 % .. 100 %.
void draw_rates(std::string& svg, const ChartAxis& x) {
  for (int power = static_cast<int>(std::ceil(x.low)); power <= 0; ++power)
    svg += fmt::format("<text class=tick x='{:.1f}' y='{}' text-anchor={}>{:g} %</text>", x.place(power),
                       kChartBottom + 18, power == 0 ? "end" : "middle", std::pow(10.0, power + 2));
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>false accepts</text>",
                     (kChartLeft + kChartRight) / 2, kChartHeight - 10);
}

std::string marked(double px, double py, const char* css, const std::string& tip) {
  return fmt::format("<circle class={} cx='{:.1f}' cy='{:.1f}' r='6'><title>{}</title></circle>", css, px, py, tip);
}

}  // namespace

std::string roc_chart(const RocCurve& curve) {
  if (curve.points.size() < 2 || !(curve.least_rate > 0)) return "";
  // No rate above 0 is less than one pair: what is below lies at the left edge.
  const double least = std::min(std::log10(curve.least_rate) - 0.3, -1.0);
  const ChartAxis x{least, 0, kChartLeft, kChartRight}, y{0, 1, kChartBottom, kChartTop};
  const auto across = [&](double rate) { return x.place(rate > 0 ? std::clamp(std::log10(rate), least, 0.0) : least); };
  const auto down = [&](double share) { return y.place(std::clamp(share, 0.0, 1.0)); };
  std::string svg = chart_head("True accepts over false accepts: " + curve.name), line;
  draw_y_axis(svg, y, true);
  draw_rates(svg, x);
  for (const auto& [falsely, rightly] : curve.points)
    line += fmt::format("{:.1f},{:.1f} ", across(falsely), down(rightly));
  svg += "<polyline class=curve points='" + line + "'/>";
  if (std::isfinite(curve.equal_error_rate))
    svg += marked(across(curve.equal_error_rate), down(1 - curve.equal_error_rate), "equal",
                  "equal error rate " + percent(curve.equal_error_rate));
  if (curve.chosen)
    svg += marked(across(curve.chosen->first), down(curve.chosen->second), "chosen",
                  fmt::format("threshold {:.4f}: {} false accepts, {} true accepts", curve.threshold.value_or(0),
                              percent(curve.chosen->first), percent(curve.chosen->second)));
  return svg + "</svg>";
}

}  // namespace enxerto
