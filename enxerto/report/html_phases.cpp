#include "enxerto/report/html_phases.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/report/charts.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

const std::vector<double>* values_of(const PhaseHistory& history, std::string_view name) {
  for (const Series& series : history.series) {
    if (series.name == name) return &series.values;
  }
  return nullptr;
}

/// Training and validation (or `part`) of one figure; "" where nothing was measured.
std::string chart_of(const PhaseRow& phase, const MetricValue& figure, const std::string& part) {
  EpochChart chart{.title = capitalised(title_of(figure)),
                   .training = {},
                   .validation = {},
                   .part = part,
                   .chosen = phase.best_epoch,
                   .as_percent = figure.share};
  if (const auto* values = values_of(phase.history, figure.name)) chart.training = *values;
  if (const auto* values = values_of(phase.history, "val_" + figure.name)) chart.validation = *values;
  return epoch_chart(chart);
}

/// A chart of the loss, and one of each figure that was measured on validation data.
std::string charts_of(const PhaseRow& phase, const MetricsReport* measured, const std::string& part) {
  constexpr std::string_view kValidation = "val_";
  std::string html = chart_of(phase, {.name = "loss", .share = false}, part);
  for (const Series& series : phase.history.series) {
    if (!series.name.starts_with(kValidation) || series.name == "val_loss") continue;
    const std::string name = series.name.substr(kValidation.size());
    const MetricValue* known = measured == nullptr ? nullptr : measured->find(name);
    html += chart_of(phase, known != nullptr ? *known : MetricValue{.name = name, .share = false}, part);
  }
  return html;
}

std::string phase_html(const PhaseRow& phase, const MetricsReport* measured, const std::string& part) {
  std::string html = "<h3>" + escape_html(phase.name) + (phase.best ? " · kept" : "") + "</h3>";
  for (const std::string& word : phase.summary) html += "<p class=soft>" + escape_html(word) + "</p>";
  html += "<dl class=facts>";
  for (const ReportFact& fact : phase.facts)
    html += "<dt>" + escape_html(fact.name) + "</dt><dd>" + escape_html(fact.value) + "</dd>";
  html += "</dl>";
  return html + "<div class=charts>" + charts_of(phase, measured, part) + "</div>";
}

}  // namespace

std::string phases_section(const RunReport& report) {
  if (report.phases.empty()) return "";
  std::string html =
      "<section><h2>Phases of training</h2><p class=soft><span class=key style='background:var(--hit)'></span>training "
      "<span class=key style='background:var(--miss)'></span>" +
      escape_html(report.curves_part) +
      " <span class=key "
      "style='background:var(--good)'></span>epoch whose weights the phase kept" +
      (report.folds > 1 ? fmt::format("; phases were compared by the mean of {} folds, the curves and what is said of "
                                      "them are of the first",
                                      report.folds)
                        : "") +
      "</p>";
  const MetricsReport* measured = report.evaluations.empty() ? nullptr : &report.evaluations.front().metrics;
  for (const PhaseRow& phase : report.phases) html += phase_html(phase, measured, report.curves_part);
  return html + "</section>";
}

}  // namespace enxerto
