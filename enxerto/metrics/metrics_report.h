#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace enxerto {

/// A confidence interval; NaN on both sides where too little was seen.
struct Interval {
  double low = 0, high = 0;
};

/// A figure with its confidence interval.
struct Estimate {
  double value = 0;
  Interval interval = {};
};

/// What a figure would be without looking at an example.
struct Baseline {
  double value = 0;
  std::string name;  ///< "always predicting cat"
};

/// One figure of how good a network is. NaN where nothing was seen.
struct MetricValue {
  std::string name;  ///< "accuracy", "macro.f1": for programs, and behind "val_" what a phase may monitor
  double value = 0;
  std::optional<Interval> interval = {};  ///< of 95 %
  bool higher_is_better = true;
  bool share = true, bounded = false;  ///< between 0 and 1, shown as a percentage; between 0 and 1 all the same
  std::string title = {};              ///< for people; empty: the name
  bool shown = true;                   ///< false: for programs only
  bool in_phases = true;               ///< false: of whole examples only, so that no phase can monitor it
  std::optional<Baseline> baseline = {};
};

/// A column of a table: its name for programs ("f1") and for people ("F1").
struct MetricColumn {
  std::string name, title;
  bool share = false;
};

/// A text, a count, a number, or a number with its interval.
using Cell = std::variant<std::string, std::uint64_t, double, Estimate>;

/// Figures of single classes, labels, columns, ..: the first cell of a row names it.
struct MetricTable {
  std::string name, title;  ///< "per_class": for programs; "Class by class"
  std::string note;         ///< a sentence about the figures; may be empty
  std::vector<MetricColumn> columns;
  std::vector<std::vector<Cell>> rows;
  std::optional<std::size_t> hardest = {};  ///< column whose lowest figures are of the hardest rows

  /// The number in a cell. Throws Error{usage} for a row that is not there, a column that is not there (naming the
  /// nearest) and a text.
  double number(std::size_t row, std::string_view column) const;
};

/// How often each true class (row) was taken for each class (column).
struct Confusion {
  std::vector<std::string> names;
  std::vector<std::vector<std::size_t>> counts;
};

/// Predictions against truths of one number, at most 500 examples evenly drawn.
struct Scatter {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< truth, prediction
};

/// How good a network is at its task, whichever that is.
struct MetricsReport {
  std::size_t examples = 0, groups = 0;  ///< groups: that intervals are over (`GroupedIntervals`); 0: over examples
  std::vector<MetricValue> values;       ///< the one that a reader looks for first at the front
  std::vector<MetricTable> tables;
  std::optional<Confusion> confusion = {};
  std::vector<Scatter> scatters = {}, curves = {}, roc = {};  ///< precision over recall; true over false accepts, marks

  const MetricValue* find(std::string_view name) const;  ///< nullptr where it is not there

  /// Throw Error{usage}, naming the nearest, for a figure or a table that is not there.
  const MetricValue& operator[](std::string_view name) const;
  const MetricTable& table(std::string_view name) const;
};

}  // namespace enxerto
