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
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>0</text>", kChartLeft, kChartBottom + 18);
  for (int power = static_cast<int>(std::ceil(x.low + 0.2)); power <= 0; ++power)
    svg += fmt::format("<text class=tick x='{:.1f}' y='{}' text-anchor={}>{:g} %</text>", x.place(power),
                       kChartBottom + 18, power == 0 ? "end" : "middle", std::pow(10.0, power + 2));
  svg += fmt::format("<text class=tick x='{}' y='{}' text-anchor=middle>false accepts</text>",
                     (kChartLeft + kChartRight) / 2, kChartHeight - 10);
}

std::string marked(double px, double py, const char* css, int radius, const std::string& tip) {
  return fmt::format("<circle class={} cx='{:.1f}' cy='{:.1f}' r='{}'><title>{}</title></circle>", css, px, py, radius,
                     escape_html(tip));
}

/// The least rate above 0 that the curve has: what is below is no pair.
double least_rate(const Scatter& curve) {
  double least = 1;
  for (const auto& [falsely, rightly] : curve.points)
    if (falsely > 0) least = std::min(least, falsely);
  return least;
}

}  // namespace

std::string roc_chart(std::span<const Scatter> roc) {
  if (roc.empty() || roc.front().points.size() < 2) return "";
  const double least = std::min(std::log10(least_rate(roc.front())) - 0.3, -1.0);
  const ChartAxis x{least, 0, kChartLeft, kChartRight}, y{0, 1, kChartBottom, kChartTop};
  const auto across = [&](double rate) { return x.place(rate > 0 ? std::clamp(std::log10(rate), least, 0.0) : least); };
  const auto down = [&](double share) { return y.place(std::clamp(share, 0.0, 1.0)); };
  std::string svg = chart_head("True accepts over false accepts"), line;
  draw_y_axis(svg, y, true);
  draw_rates(svg, x);
  for (const auto& [falsely, rightly] : roc.front().points)
    line += fmt::format("{:.1f},{:.1f} ", across(falsely), down(rightly));
  svg += "<polyline class=curve points='" + line + "'/>";
  for (std::size_t i = 1; i < roc.size(); ++i) {
    const auto [falsely, rightly] = roc[i].points.at(0);
    if (!std::isfinite(falsely) || !std::isfinite(rightly)) continue;
    svg +=
        marked(across(falsely), down(rightly), i == 1 ? "equal" : "chosen", i == 1 ? 8 : 6,
               fmt::format("{}: {} false accepts, {} true accepts", roc[i].name, percent(falsely), percent(rightly)));
  }
  return svg + "</svg>";
}

}  // namespace enxerto
