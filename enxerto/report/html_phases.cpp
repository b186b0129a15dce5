#include "enxerto/report/html_phases.h"

#include <fmt/format.h>

#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {
namespace {

const std::vector<double>* values_of(const PhaseHistory& history, std::string_view name) {
  for (const Series& series : history.series) {
    if (series.name == name) return &series.values;
  }
  return nullptr;
}

/// Training and validation of one measure; "" where nothing was measured.
std::string chart_of(const PhaseRow& phase, std::string_view measure, bool as_percent) {
  EpochChart chart{.title = std::string(as_percent ? "Accuracy" : "Loss"),
                   .training = {},
                   .validation = {},
                   .chosen = phase.best_epoch,
                   .as_percent = as_percent};
  if (const auto* values = values_of(phase.history, measure)) chart.training = *values;
  if (const auto* values = values_of(phase.history, fmt::format("val_{}", measure))) chart.validation = *values;
  return epoch_chart(chart);
}

std::string phase_html(const PhaseRow& phase) {
  std::string html = "<h3>" + escape_html(phase.name) + (phase.won ? " · kept" : "") + "</h3>";
  for (const std::string& word : phase.words) html += "<p class=soft>" + escape_html(word) + "</p>";
  html += "<dl class=facts>";
  for (const ReportFact& fact : phase.facts)
    html += "<dt>" + escape_html(fact.name) + "</dt><dd>" + escape_html(fact.value) + "</dd>";
  html += "</dl>";
  return html + "<div class=pair>" + chart_of(phase, "loss", false) + chart_of(phase, "accuracy", true) + "</div>";
}

}  // namespace

std::string phases_section(const RunReport& report) {
  if (report.phases.empty()) return "";
  std::string html =
      "<section><h2>Phases of training</h2><p class=soft><span class=key style='background:var(--hit)'></span>training "
      "<span class=key style='background:var(--miss)'></span>validation <span class=key "
      "style='background:var(--good)'></span>epoch whose weights were kept</p>";
  for (const PhaseRow& phase : report.phases) html += phase_html(phase);
  return html + "</section>";
}

}  // namespace enxerto
