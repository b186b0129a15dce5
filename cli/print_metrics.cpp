#include "print_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/core.h>

#include "enxerto/base/quantity.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"
#include "text.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kRowsShown = 30;
constexpr std::size_t kTerminalWidth = 100;

/// The first line says what the interval is.
std::string estimate_text(const Estimate& estimate, bool share) {
  const auto text = [&](double value) { return share ? percent(value) : measure(value); };
  if (!std::isfinite(estimate.interval.low)) return text(estimate.value);
  return fmt::format("{} ({} to {})", text(estimate.value), text(estimate.interval.low), text(estimate.interval.high));
}

std::string cell_text(const Cell& cell, const MetricColumn& column) {
  return std::visit(
      [&](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return value;
        } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
          return format_count(value);
        } else if constexpr (std::is_same_v<Value, double>) {
          return column.share ? percent(value) : measure(value);
        } else {
          return estimate_text(value, column.share);
        }
      },
      cell);
}

/// The order of the data, or the hardest where there are too many to read.
std::vector<std::size_t> shown_rows(const MetricTable& metrics) {
  if (metrics.rows.size() > kRowsShown) {
    std::vector<std::size_t> order = reading_order(metrics);
    order.resize(kRowsShown);
    return order;
  }
  std::vector<std::size_t> order(metrics.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

/// The class that this one is most often mistaken for: "Shirt (102)".
std::string mistaken_for(const Confusion& confusion, std::size_t truth) {
  const std::vector<std::size_t>& row = confusion.counts.at(truth);
  std::size_t most = 0, at = truth;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c != truth && row[c] > most) {
      most = row[c];
      at = c;
    }
  }
  return most == 0 ? "" : fmt::format("{} ({})", confusion.names.at(at), most);
}

/// True where the rows of a table are the classes of the matrix.
bool are_rows(const Confusion& confusion, const MetricTable& metrics) {
  return std::ranges::equal(confusion.names, metrics.rows, [](const std::string& name, const std::vector<Cell>& row) {
    const auto* label = std::get_if<std::string>(&row.front());
    return label != nullptr && *label == name;
  });
}

bool has_intervals(const MetricTable& metrics, std::size_t column) {
  return std::ranges::any_of(metrics.rows, [&](const std::vector<Cell>& row) {
    const auto* estimate = std::get_if<Estimate>(&row.at(column));
    return estimate != nullptr && std::isfinite(estimate->interval.low);
  });
}

void print_table(const MetricTable& metrics, const std::optional<Confusion>& confusion) {
  if (metrics.rows.size() > kRowsShown)
    fmt::print(
        "{} of {} rows{}:\n", kRowsShown, metrics.rows.size(),
        metrics.hardest ? fmt::format(", those of the lowest {}", metrics.columns.at(*metrics.hardest).title) : "");
  const bool confused = confusion && are_rows(*confusion, metrics);
  std::vector<std::vector<std::string>> rows(1);
  for (std::size_t c = 0; c < metrics.columns.size(); ++c)
    rows.front().push_back(metrics.columns[c].title + (has_intervals(metrics, c) ? " (95 % interval)" : ""));
  if (confused) rows.front().emplace_back("most often mistaken for");
  for (const std::size_t row : shown_rows(metrics)) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (std::size_t c = 0; c < metrics.columns.size(); ++c)
      cells.push_back(cell_text(metrics.rows[row].at(c), metrics.columns[c]));
    if (confused) cells.push_back(mistaken_for(*confusion, row));
  }
  fmt::print("{}", folded_table(rows, kTerminalWidth));
  if (!metrics.note.empty()) fmt::print("{}\n", metrics.note);
}

}  // namespace

std::string figure_text(const MetricValue& figure) {
  const std::string interval = interval_of(figure);
  return text_of(figure) + (interval.empty() ? "" : fmt::format(" (95 % interval {})", interval));
}

std::string summary_text(const MetricsReport& metrics) {
  const MetricValue first = shown_figures(metrics).front();
  return fmt::format("{} {}", title_of(first), figure_text(first));
}

void print_metrics(const MetricsReport& metrics, std::string_view example) {
  for (const MetricTable& table : metrics.tables) print_table(table, metrics.confusion);
  fmt::print("\n");
  const std::vector<MetricValue> figures = shown_figures(metrics);
  std::size_t width = kLabelWidth;
  for (const MetricValue& figure : figures) width = std::max(width, width_of(title_of(figure)) + 2);
  std::string on = ", " + counted(metrics.examples, example) + groups_of(metrics);
  for (const MetricValue& figure : figures) {
    print_labelled(title_of(figure), figure_text(figure) + on, width);
    on.clear();
    if (const std::string baseline = baseline_of(figure); !baseline.empty()) print_labelled("", baseline, width);
  }
  fmt::print("\n");
}

}  // namespace enxerto::cli
