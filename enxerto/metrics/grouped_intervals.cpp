#include "enxerto/metrics/grouped_intervals.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/resampled_intervals.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20;  // of all rows: what 200 draws of take a second or two

/// Of the same names, and rows of the same shapes.
bool is_alike(const TensorMap& first, const TensorMap& other) {
  return std::ranges::all_of(other, [&](const auto& value) {
    const auto& [name, tensor] = value;
    if (!first.contains(name) || tensor.shape().empty()) return false;
    const Shape &a = first.at(name).shape(), &b = tensor.shape();
    return a.size() == b.size() && std::equal(a.begin() + 1, a.end(), b.begin() + 1);
  });
}

/// Where the rows of a value lie, of batches one behind the other.
struct RowPlaces {
  const Tensor* first = nullptr;
  std::vector<std::span<const std::byte>> rows;
};

std::map<std::string, RowPlaces> places_of(const std::vector<TensorMap>& batches) {
  std::map<std::string, RowPlaces> places;
  for (const TensorMap& batch : batches) {
    for (const auto& [name, tensor] : batch) {
      RowPlaces& of = places[name];
      if (of.first == nullptr) of.first = &tensor;
      const auto count = static_cast<std::size_t>(tensor.shape().front());
      const std::size_t bytes = count == 0 ? 0 : tensor.bytes().size() / count;
      for (std::size_t row = 0; row < count; ++row) of.rows.push_back(tensor.bytes().subspan(row * bytes, bytes));
    }
  }
  return places;
}

/// These rows as one batch.
TensorMap gathered(const std::map<std::string, RowPlaces>& places, std::span<const std::size_t> rows) {
  TensorMap map;
  for (const auto& [name, of] : places) {
    std::vector<std::byte> values;
    for (const std::size_t row : rows) values.insert(values.end(), of.rows[row].begin(), of.rows[row].end());
    Shape shape = of.first->shape();
    shape.front() = static_cast<std::int64_t>(rows.size());
    map.set(name, Tensor::copied(of.first->dtype(), std::move(shape), values));
  }
  return map;
}

std::vector<std::vector<std::size_t>> rows_of_groups(std::span<const std::string> groups) {
  std::vector<std::vector<std::size_t>> rows;
  std::map<std::string_view, std::size_t> numbers;
  for (std::size_t row = 0; row < groups.size(); ++row) {
    const auto [found, is_new] = numbers.emplace(groups[row], rows.size());
    if (is_new || groups[row].empty()) rows.emplace_back();
    rows[groups[row].empty() ? rows.size() - 1 : found->second].push_back(row);
  }
  return rows;
}

/// A figure that has an interval.
struct Figure {
  std::string key;  ///< where it stands: a draw may lack the rows of what it has not drawn
  double value = 0;
  Interval* interval = nullptr;
  bool share = false;
};

std::string key_of(const MetricTable& table, const std::string& row, std::size_t column) {
  return fmt::format("{}\n{}\n{}", table.name, row, table.columns[column].name);
}

std::vector<Figure> figures_of(MetricsReport& report) {
  std::vector<Figure> figures;
  for (MetricValue& figure : report.values)
    if (figure.interval) figures.push_back({figure.name, figure.value, &*figure.interval, figure.share});
  for (MetricTable& table : report.tables) {
    for (std::vector<Cell>& row : table.rows) {
      const auto* const name = std::get_if<std::string>(&row.front());
      for (std::size_t c = 1; c < row.size() && name != nullptr; ++c)
        if (auto* const estimate = std::get_if<Estimate>(&row[c]))
          figures.push_back({key_of(table, *name, c), estimate->value, &estimate->interval, table.columns[c].share});
    }
  }
  return figures;
}

/// All of a draw, with or without intervals.
std::map<std::string, double> values_of(const MetricsReport& report) {
  std::map<std::string, double> values;
  for (const MetricValue& figure : report.values) values.emplace(figure.name, figure.value);
  for (const MetricTable& table : report.tables) {
    for (const std::vector<Cell>& row : table.rows) {
      const auto* const name = std::get_if<std::string>(&row.front());
      for (std::size_t c = 1; c < row.size() && name != nullptr; ++c) {
        const auto* const estimate = std::get_if<Estimate>(&row[c]);
        const auto* const number = std::get_if<double>(&row[c]);
        if (estimate != nullptr || number != nullptr)
          values.emplace(key_of(table, *name, c), estimate != nullptr ? estimate->value : *number);
      }
    }
  }
  return values;
}

/// As for so few groups, and within what the figure can be.
Interval widened(const Interval& drawn, const Figure& figure, std::size_t groups) {
  if (drawn.low == drawn.high && figure.share) {
    const auto right = static_cast<std::size_t>(std::lround(figure.value * static_cast<double>(groups)));
    return wilson_interval(std::min(right, groups), groups);
  }
  const double factor = few_groups_factor(groups);
  const Interval wide{figure.value - factor * (figure.value - drawn.low),
                      figure.value + factor * (drawn.high - figure.value)};
  if (figure.share) return {std::max(wide.low, 0.0), std::min(wide.high, 1.0)};
  return {drawn.low >= 0 ? std::max(wide.low, 0.0) : wide.low, wide.high};
}

}  // namespace

void GroupedIntervals::add(const TensorMap& outputs, const TensorMap& targets) {
  if (too_large_) return;
  for (const TensorMap* const map : {&outputs, &targets})
    for (const auto& [name, tensor] : *map) bytes_ += tensor.bytes().size();
  too_large_ = bytes_ > kMostBytes ||
               (!outputs_.empty() && (!is_alike(outputs_.front(), outputs) || !is_alike(targets_.front(), targets)));
  if (too_large_) {
    outputs_.clear();
    targets_.clear();
    return;
  }
  outputs_.push_back(outputs);
  targets_.push_back(targets);
}

void GroupedIntervals::replace(MetricsReport& report, std::span<const std::string> groups,
                               const std::function<std::vector<std::unique_ptr<Metric>>()>& metrics) const {
  const std::vector<std::vector<std::size_t>> rows = rows_of_groups(groups);
  if (too_large_ || outputs_.empty() || rows.size() == groups.size() || rows.size() < kLeastForInterval) return;
  std::vector<Figure> figures = figures_of(report);
  const auto outputs = places_of(outputs_), targets = places_of(targets_);
  const std::vector<Interval> intervals =
      resampled_intervals(rows.size(), kResamples, [&](std::span<const std::uint32_t> weights) {
        std::vector<std::size_t> drawn;
        for (std::size_t group = 0; group < rows.size(); ++group)
          for (std::uint32_t time = 0; time < weights[group]; ++time)
            drawn.insert(drawn.end(), rows[group].begin(), rows[group].end());
        MetricSet set(metrics());
        set.leave_out_intervals();
        set.update(gathered(outputs, drawn), gathered(targets, drawn));
        const std::map<std::string, double> found = values_of(set.report());
        std::vector<double> values;
        for (const Figure& figure : figures) {
          const auto value = found.find(figure.key);
          values.push_back(value == found.end() ? kNan : value->second);
        }
        return values;
      });
  for (std::size_t i = 0; i < figures.size() && i < intervals.size(); ++i)
    if (std::isfinite(figures[i].interval->low) && std::isfinite(intervals[i].low))
      *figures[i].interval = widened(intervals[i], figures[i], rows.size());
  report.groups = rows.size();
}

}  // namespace enxerto
