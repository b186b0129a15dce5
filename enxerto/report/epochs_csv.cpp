#include "enxerto/report/epochs_csv.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/files/csv_text.h"

namespace enxerto {
namespace {

constexpr std::string_view kFirstColumns = "phase,epoch";

std::vector<std::string> columns_of(std::span<const PhaseHistory> phases) {
  std::vector<std::string> names;
  for (const PhaseHistory& phase : phases)
    for (const Series& series : phase.series)
      if (std::ranges::find(names, series.name) == names.end()) names.push_back(series.name);
  return names;
}

std::string cell(const PhaseHistory& phase, std::string_view column, std::size_t epoch) {
  const auto series = std::ranges::find(phase.series, column, &Series::name);
  if (series == phase.series.end() || epoch >= series->values.size()) return "";
  const double value = series->values[epoch];
  if (is_unjudged(column, value)) return "";
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "nan";
}

}  // namespace

std::string epochs_csv(std::span<const PhaseHistory> phases) {
  const std::vector<std::string> columns = columns_of(phases);
  std::string text(kFirstColumns);
  for (const std::string& column : columns) text += "," + column;
  text += "\n";
  for (const PhaseHistory& phase : phases) {
    std::size_t epochs = 0;
    for (const Series& series : phase.series) epochs = std::max(epochs, series.values.size());
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
      text += fmt::format("{},{}", csv_quoted(phase.name), epoch + 1);
      for (const std::string& column : columns) text += "," + cell(phase, column, epoch);
      text += "\n";
    }
  }
  return text;
}

bool is_epochs_csv(std::string_view table) { return table.empty() || table.starts_with("phase"); }

}  // namespace enxerto
