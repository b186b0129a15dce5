#include "enxerto/training/monitor.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"

namespace enxerto {
namespace {

constexpr std::string_view kValidation = "val_";

/// The figure behind "val_"; nullptr where it is none that a phase measures.
const MetricValue* figure_of(std::string_view monitor, const MetricsReport& measured) {
  if (!monitor.starts_with(kValidation)) return nullptr;
  const MetricValue* figure = measured.find(monitor.substr(kValidation.size()));
  return figure != nullptr && figure->in_phases ? figure : nullptr;
}

}  // namespace

bool higher_is_better(std::string_view monitor, const MetricsReport& measured, std::string_view where) {
  if (monitor == "loss" || monitor == "val_loss") return false;
  if (const MetricValue* figure = figure_of(monitor, measured)) return figure->higher_is_better;
  std::vector<std::string> names{"val_loss", "loss"};
  for (const MetricValue& figure : measured.values)
    if (figure.shown && figure.in_phases) names.push_back(fmt::format("{}{}", kValidation, figure.name));
  throw usage_error(fmt::format("{}: monitor", where),
                    fmt::format("'{}' is not measured{}", monitor, did_you_mean(monitor, names)),
                    fmt::format("one of {}", fmt::join(names, ", ")));
}

MetricSet epoch_metrics(std::vector<std::unique_ptr<Metric>> metrics, std::string_view chosen, std::string_view monitor,
                        std::string_view where) {
  MetricSet set(std::move(metrics));
  const MetricsReport measured = set.report();
  (void)higher_is_better(monitor, measured, where);
  std::vector<std::string> figures;  // losses are measured anyway
  if (measured.find(chosen) != nullptr) figures.emplace_back(chosen);
  if (const MetricValue* figure = figure_of(monitor, measured); figure != nullptr && figure->name != chosen)
    figures.push_back(figure->name);
  set.keep(figures);
  return set;
}

}  // namespace enxerto
