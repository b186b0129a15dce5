#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace enxerto {

/// The frame that every line chart of the report has, in the units of its SVG.
inline constexpr double kChartWidth = 440, kChartHeight = 240;
inline constexpr double kChartLeft = 58, kChartRight = 424, kChartTop = 34, kChartBottom = 192;

/// Values `low` to `high` along the chart from `begin` to `end`.
struct ChartAxis {
  double low = 0, high = 1, begin = 0, end = 1;
  double place(double value) const { return begin + (value - low) / (high - low) * (end - begin); }
};

/// An axis over a range with a margin: a twelfth of it, at least `least`.
ChartAxis padded_axis(std::pair<double, double> range, double least, std::pair<double, double> ends);

/// Opens the SVG, with its title.
std::string chart_head(std::string_view title);

/// A value on an axis, and what stands there: "0.25", "40 %".
struct AxisTick {
  double value = 0;
  std::string text;
};

/// Three to five round values of an axis.
std::vector<AxisTick> round_ticks(const ChartAxis& axis, bool as_percent);

/// Lines and numbers of the y axis at round values.
void draw_y_axis(std::string& svg, const ChartAxis& y, bool as_percent);

}  // namespace enxerto
