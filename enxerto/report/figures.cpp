#include "enxerto/report/figures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

#include <fmt/format.h>

#include "enxerto/report/format.h"

namespace enxerto {

std::vector<MetricValue> shown_figures(const MetricsReport& report) {
  std::vector<MetricValue> shown;
  std::ranges::copy_if(report.values, std::back_inserter(shown), &MetricValue::shown);
  if (shown.empty()) shown.push_back({.name = "figure", .value = std::numeric_limits<double>::quiet_NaN()});
  return shown;
}

std::string title_of(const MetricValue& figure) {
  std::string title = figure.title.empty() ? figure.name : figure.title;
  if (figure.title.empty()) std::ranges::replace(title, '_', ' ');
  return title;
}

std::string text_of(const MetricValue& figure) { return figure.share ? percent(figure.value) : measure(figure.value); }

std::string interval_of(const MetricValue& figure) {
  if (!figure.interval || !std::isfinite(figure.interval->low)) return "";
  const auto text = [&](double value) { return figure.share ? percent(value) : measure(value); };
  return fmt::format("{} to {}", text(figure.interval->low), text(figure.interval->high));
}

std::string groups_of(const MetricsReport& report) {
  return report.groups == 0 ? "" : fmt::format(" of {} groups, which the intervals are over", report.groups);
}

std::string baseline_of(const MetricValue& figure) {
  if (!figure.baseline || !std::isfinite(figure.baseline->value)) return "";
  const double value = figure.baseline->value;
  return fmt::format("{}: {}", figure.baseline->name, figure.share ? percent(value) : measure(value));
}

std::vector<MetricValue> headline(const MetricsReport& report) {
  std::vector<MetricValue> figures = shown_figures(report);
  const auto rest = std::ranges::find_if(figures.begin() + 1, figures.end(),
                                         [](const MetricValue& figure) { return !figure.baseline.has_value(); });
  figures.erase(rest, figures.end());
  return figures;
}

std::vector<MetricValue> compared_figures(const std::vector<Evaluation>& evaluations) {
  std::vector<MetricValue> figures = shown_figures(evaluations.front().metrics);
  const auto in_all = [&](const MetricValue& figure) {
    return std::ranges::all_of(evaluations,
                               [&](const Evaluation& one) { return one.metrics.find(figure.name) != nullptr; });
  };
  figures.erase(figures.begin() + 1, std::find_if(figures.begin() + 1, figures.end(), in_all));
  figures.resize(std::min<std::size_t>(figures.size(), 2));
  return figures;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::vector<std::size_t> reading_order(const MetricTable& table) {
  std::vector<std::size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!table.hardest) return order;
  const std::string& column = table.columns.at(*table.hardest).name;
  const auto figure = [&](std::size_t row) {
    const double value = table.number(row, column);
    return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return figure(a) < figure(b); });
  return order;
}

std::vector<ConfusedPair> most_confused(const Confusion& confusion, std::size_t most) {
  std::vector<ConfusedPair> pairs;
  for (std::size_t truth = 0; truth < confusion.counts.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < confusion.counts[truth].size(); ++predicted) {
      const std::size_t count = confusion.counts[truth][predicted];
      if (truth != predicted && count > 0) pairs.push_back({.truth = truth, .predicted = predicted, .count = count});
    }
  }
  const auto before = [](const ConfusedPair& a, const ConfusedPair& b) {
    return std::tuple(b.count, a.truth, a.predicted) < std::tuple(a.count, b.truth, b.predicted);
  };
  const auto kept = std::min(most, pairs.size());
  std::partial_sort(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(kept), pairs.end(), before);
  pairs.resize(kept);
  return pairs;
}

}  // namespace enxerto
