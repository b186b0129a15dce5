#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// One measure along the strengths that were tried, as an SVG of 440 x 240 units in the colours of the page.
struct LineChart {
  struct Point {
    double x = 0, y = 0;
    std::string tip;  ///< shown where the pointer rests
  };
  std::string title, x_label;
  std::vector<Point> points;        ///< in order of x; those that are not finite, and x <= 0, are left out
  std::vector<std::size_t> chosen;  ///< indices into `points`
  bool as_percent = false;          ///< y is a share
};

/// x is on a logarithmic axis. Empty where there is no point to draw.
std::string line_chart(const LineChart& chart);

/// A measure over the epochs of a phase, training beside validation.
struct EpochChart {
  std::string title;
  std::vector<double> training, validation;  ///< by epoch; either may be empty
  std::string part = "validation";           ///< that the second curve is of
  std::size_t chosen = 0;                    ///< epoch that is marked, from 1; 0: none
  bool as_percent = false;                   ///< values are shares
};

/// Empty where there is nothing to draw, a single epoch included.
std::string epoch_chart(const EpochChart& chart);

/// Predictions against truths, with the line on which both are equal. Empty without two different points.
std::string scatter_chart(const Scatter& scatter);

/// Precision over recall. Empty without a point.
std::string recall_chart(const Scatter& curve);

/// True accepts over false accepts, these on a logarithmic axis, with the point of equal errors and the threshold's.
/// `roc`: the curve, where errors are equal, and perhaps the threshold (`MetricsReport::roc`). Empty without a curve.
std::string roc_chart(std::span<const Scatter> roc);

/// Counts of (true class, predicted class), rows and columns named; shares of a row are the colours: hits along the
/// diagonal in one colour, misses in another.
struct HeatMap {
  std::span<const std::string> labels;
  std::span<const std::int64_t> counts;  ///< labels x labels, row by row
};

/// As an SVG; counts are written into the cells up to 20 classes.
std::string heat_map(const HeatMap& map);

/// A horizontal bar for each part, as long as its share of the longest.
struct Bar {
  std::string name;
  double value = 0;
  std::string text;  ///< written behind the bar
};
std::string bar_rows(std::span<const Bar> bars);

}  // namespace enxerto
