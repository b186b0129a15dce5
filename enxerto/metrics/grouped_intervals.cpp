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

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // of all rows: what 200 draws of take a second or two

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

/// Which rows belong together.
struct GroupedRows {
  std::vector<std::vector<std::size_t>> groups;
  std::size_t examples = 0;

  /// The rows of groups that count so often.
  std::vector<std::size_t> drawn(std::span<const std::uint32_t> weights) const {
    std::vector<std::size_t> rows;
    for (std::size_t group = 0; group < groups.size(); ++group)
      for (std::uint32_t time = 0; time < weights[group]; ++time)
        rows.insert(rows.end(), groups[group].begin(), groups[group].end());
    return rows;
  }
};

/// A number of a report.
struct Figure {
  std::string key;  ///< where it stands: a draw may lack the rows of what it has not drawn
  double value = 0;
  Interval* interval = nullptr;  ///< null where it has none
  bool share = false;            ///< between 0 and 1
};

std::vector<Figure> figures_of(MetricsReport& report) {
  std::vector<Figure> figures;
  for (MetricValue& figure : report.values)
    figures.push_back(
        {figure.name, figure.value, figure.interval ? &*figure.interval : nullptr, figure.share || figure.bounded});
  for (MetricTable& table : report.tables) {
    for (std::vector<Cell>& row : table.rows) {
      const auto* const name = std::get_if<std::string>(&row.front());
      for (std::size_t c = 1; c < row.size() && name != nullptr; ++c) {
        const std::string key = fmt::format("{}\n{}\n{}", table.name, *name, table.columns[c].name);
        if (auto* const estimate = std::get_if<Estimate>(&row[c]))
          figures.push_back({key, estimate->value, &estimate->interval, table.columns[c].share});
        else if (const auto* const number = std::get_if<double>(&row[c]))
          figures.push_back({key, *number, nullptr, table.columns[c].share});
      }
    }
  }
  return figures;
}

std::map<std::string, double> values_of(MetricsReport report) {
  std::map<std::string, double> values;
  for (Figure& figure : figures_of(report)) values.emplace(std::move(figure.key), figure.value);
  return values;
}

double variance_of(std::span<const double> values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size());
}

/// What the draws of a figure say of it.
Interval interval_of(const std::vector<double>& drawn, const Figure& figure, const GroupedRows& rows) {
  const double factor = few_groups_factor(rows.groups.size());
  if (figure.share && figure.value >= 0 && figure.value <= 1) {
    // As surely as so many examples of their own would say it: at least as many as groups where nothing varies.
    const double variance = factor * factor * variance_of(drawn), spread = figure.value * (1 - figure.value);
    const auto groups = static_cast<double>(rows.groups.size());
    const double effective = variance > 0 && spread > 0 ? spread / variance : groups;
    return wilson_interval_of(figure.value, std::min(effective, static_cast<double>(rows.examples)));
  }
  const Interval middle = middle_of(drawn);
  const Interval wide{figure.value - factor * (figure.value - middle.low),
                      figure.value + factor * (middle.high - figure.value)};
  return {middle.low >= 0 ? std::max(wide.low, 0.0) : wide.low, wide.high};
}

}  // namespace

void GroupedIntervals::add(const TensorMap& outputs, const TensorMap& targets) {
  if (!keeps_) return;
  for (const TensorMap* const map : {&outputs, &targets})
    for (const auto& [name, tensor] : *map) bytes_ += tensor.bytes().size();
  if (bytes_ > kMostBytes ||
      (!outputs_.empty() && (!is_alike(outputs_.front(), outputs) || !is_alike(targets_.front(), targets))))
    return keep_nothing();
  outputs_.push_back(outputs);
  targets_.push_back(targets);
}

void GroupedIntervals::keep_nothing() {
  keeps_ = false;
  outputs_.clear();
  targets_.clear();
}

bool GroupedIntervals::replace(MetricsReport& report, std::span<const std::string> groups,
                               const std::function<std::vector<std::unique_ptr<Metric>>()>& metrics) const {
  const GroupedRows rows{.groups = rows_of_groups(groups), .examples = groups.size()};
  if (rows.groups.size() == groups.size() || rows.groups.size() < kLeastForInterval) return true;
  if (outputs_.empty()) return false;
  std::vector<Figure> figures = figures_of(report);
  std::erase_if(figures, [](const Figure& figure) { return figure.interval == nullptr; });
  const auto outputs = places_of(outputs_), targets = places_of(targets_);
  const std::vector<std::vector<double>> drawn =
      resampled_figures(rows.groups.size(), kResamples, [&](std::span<const std::uint32_t> weights) {
        const std::vector<std::size_t> some = rows.drawn(weights);
        MetricSet set(metrics());
        set.leave_out_intervals();
        set.update(gathered(outputs, some), gathered(targets, some));
        const std::map<std::string, double> found = values_of(set.report());
        std::vector<double> values;
        for (const Figure& figure : figures) {
          const auto value = found.find(figure.key);
          values.push_back(value == found.end() ? kNan : value->second);
        }
        return values;
      });
  for (std::size_t i = 0; i < figures.size() && i < drawn.size(); ++i)
    if (std::isfinite(figures[i].interval->low) && !drawn[i].empty())
      *figures[i].interval = interval_of(drawn[i], figures[i], rows);
  report.groups = rows.groups.size();
  return true;
}

}  // namespace enxerto
