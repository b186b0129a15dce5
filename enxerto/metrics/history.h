#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// One quantity over the steps of a run, e.g. "val_accuracy" by epoch.
struct Series {
  std::string name;
  std::vector<double> values;
};

/// Whether a value of that series says that nothing was judged then: a loss that is no number is one that was.
inline bool is_unjudged(std::string_view series, double value) { return std::isnan(value) && series != "loss"; }

/// What happened while something was trained: named series in the order in which they began, per phase.
struct PhaseHistory {
  std::string name;  ///< e.g. "head"
  double seconds = 0;
  std::vector<Series> series;
  std::optional<double> start = {};  ///< the training loss before the first step

  /// Appends to the series of that name, which begins where it is not there yet.
  void append(const std::string& series_name, double value) {
    for (Series& one : series) {
      if (one.name == series_name) return one.values.push_back(value);
    }
    series.push_back({series_name, {value}});
  }
};

struct History {
  std::vector<PhaseHistory> phases;
};

}  // namespace enxerto
