#include "enxerto/metrics/metrics_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"

namespace enxerto {
namespace {

/// The row of that name.
template <typename Row>
const Row& named(const std::vector<Row>& rows, std::string_view name, std::string_view what) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  if (found != rows.end()) return *found;
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.name);
  throw usage_error("metrics", fmt::format("no {} '{}'{}", what, name, did_you_mean(name, names)),
                    names.empty() ? "" : fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

double MetricTable::number(std::size_t row, std::string_view column) const {
  const auto at = static_cast<std::size_t>(&named(columns, column, "column") - columns.data());
  const auto refuse = [&](std::string found) {
    return usage_error(fmt::format("metrics, table {}", name), std::move(found),
                       fmt::format("a number in one of {} rows", rows.size()));
  };
  if (row >= rows.size()) throw refuse(fmt::format("no row {}", row));
  const Cell& cell = rows[row].at(at);
  if (const auto* count = std::get_if<std::uint64_t>(&cell)) return static_cast<double>(*count);
  if (const auto* value = std::get_if<double>(&cell)) return *value;
  if (const auto* estimate = std::get_if<Estimate>(&cell)) return estimate->value;
  throw refuse(fmt::format("a text in column {}", column));
}

const MetricValue* MetricsReport::find(std::string_view name) const {
  const auto found = std::ranges::find(values, name, &MetricValue::name);
  return found == values.end() ? nullptr : &*found;
}

const MetricValue& MetricsReport::operator[](std::string_view name) const { return named(values, name, "figure"); }

const MetricTable& MetricsReport::table(std::string_view name) const { return named(tables, name, "table"); }

}  // namespace enxerto
