#include "enxerto/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "enxerto/base/by_reason.h"
#include "enxerto/base/lines.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"
#include "enxerto/report/html_confusion.h"
#include "enxerto/report/html_evaluation.h"
#include "enxerto/report/html_phases.h"
#include "enxerto/report/html_previews.h"
#include "enxerto/report/html_style.h"
#include "enxerto/report/html_tables.h"

namespace enxerto {

namespace {

constexpr std::size_t kSkippedShown = 200;

std::string warnings_section(const RunReport& report) {
  std::string html;
  if (!report.advice.empty()) html += "<div class=advice>Try " + escape_html(report.advice) + "</div>";
  for (const std::string& warning : report.warnings) html += "<div class=warning>" + escape_html(warning) + "</div>";
  return html;
}

/// Lines end between words: an option's name is not divided at its hyphens.
std::string command_html(std::string_view command) {
  std::string html;
  for (const std::string_view word : words_between(command, " "))
    html += fmt::format("{}{}{}{}", html.empty() ? "" : " ", word.starts_with('-') ? "<span class=whole>" : "",
                        escape_html(word), word.starts_with('-') ? "</span>" : "");
  return html;
}

std::string facts_section(const RunReport& report) {
  if (report.facts.empty()) return "";
  std::string html = "<section><h2>What was done</h2><dl class=facts>";
  for (const ReportFact& fact : report.facts) {
    html += "<dt>" + escape_html(fact.name) + "</dt><dd>" + escape_html(fact.value) + "</dd>";
  }
  if (!report.command.empty()) html += "<dt>Command</dt><dd><code>" + command_html(report.command) + "</code></dd>";
  if (!report.licence.empty()) {
    html += "<dt>Licence of the backbone's weights</dt><dd>" + escape_html(report.licence) + "</dd>";
  }
  return html + "</dl></section>";
}

/// How a figure of held-out examples is written.
struct FigureWords {
  std::string_view name, title;
  bool share;
};
constexpr std::string_view kLabelsTried = "labels";
constexpr std::array kFigures{FigureWords{"log_loss", "Log loss", false}, FigureWords{"accuracy", "Accuracy", true},
                              FigureWords{"mean_squared_error", "Mean squared error, standardised", false},
                              FigureWords{"r2", "R²", false}};

FigureWords words_of(std::string_view name) {
  const auto* const row = std::ranges::find(kFigures, name, &FigureWords::name);
  return row == kFigures.end() ? FigureWords{name, name, false} : *row;
}

std::string tip_of(const L2Row& row) {
  std::string tip = fmt::format("L2 {:g}", row.l2);
  for (const auto& [name, value] : row.figures) {
    const FigureWords words = words_of(name);
    if (name == kLabelsTried) {
      tip += ", tried for " + counted(static_cast<std::uint64_t>(value), "label");
      continue;
    }
    tip += words.share ? fmt::format(", {} {}", words.title, percent(value))
                       : fmt::format(", {} {:.4f}", words.title, value);
  }
  return tip;
}

/// How many labels a strength was tried for; 0 where a strength is of all outputs.
double labels_tried(const L2Row& row) {
  const auto found =
      std::ranges::find(row.figures, kLabelsTried, [](const auto& figure) { return std::string_view(figure.first); });
  return found == row.figures.end() ? 0 : found->second;
}

/// Of one figure, by its place in the rows.
std::string chart_of(const RunReport& report, std::size_t figure) {
  std::vector<L2Row> rows = report.l2_trials;
  std::sort(rows.begin(), rows.end(), [](const L2Row& a, const L2Row& b) { return a.l2 < b.l2; });
  const FigureWords words = words_of(rows.front().figures[figure].first);
  LineChart chart{.title = fmt::format("{}, held out", words.title),
                  .x_label = "L2",
                  .points = {},
                  .chosen = {},
                  .as_percent = words.share};
  for (const L2Row& row : rows) {
    if (std::ranges::find(report.chosen_l2, row.l2) != report.chosen_l2.end())
      chart.chosen.push_back(chart.points.size());
    chart.points.push_back({.x = row.l2, .y = row.figures[figure].second, .tip = tip_of(row)});
  }
  return line_chart(chart);
}

std::string search_section(const RunReport& report) {
  if (report.l2_trials.empty() || report.chosen_l2.empty()) return "";
  std::string charts;
  const auto& figures = report.l2_trials.front().figures;
  for (std::size_t figure = 0; figure < figures.size(); ++figure)
    if (figures[figure].first != "temperature" && figures[figure].first != kLabelsTried)
      charts += chart_of(report, figure);  // those are in the tips
  const auto [low, high] = std::ranges::minmax(report.chosen_l2);
  const std::string chosen =
      report.chosen_l2.size() == 1 ? fmt::format("{:g}", low)
      : low == high
          ? fmt::format("{:g} for each output; the curves are the means over the outputs", low)
          : fmt::format("one for each output, {:g} to {:g}; the curves are the means over the outputs", low, high);
  const bool ended_apart = labels_tried(report.l2_trials.front()) != labels_tried(report.l2_trials.back());
  return fmt::format(
      "<section><h2>Search for the head's L2 penalty</h2><p class=soft>Chosen by {} on the examples that it "
      "learned from. <span class=key style='background:var(--good)'></span>Chosen: {}.{}</p>"
      "<div class=charts>{}</div></section>",
      escape_html(report.l2_chosen_by), chosen,
      ended_apart ? " The search for a label ends past its best; beyond that the means have its last value." : "",
      charts);
}

std::string scatter_section(const MetricsReport& metrics) {
  std::string charts;
  for (const Scatter& scatter : metrics.scatters) charts += scatter_chart(scatter);
  if (charts.empty()) return "";
  return "<section><h2>Predicted and true values</h2><p class=soft>A point for each test example, at most 500; on the "
         "dashed line both are equal.</p><div class=charts>" +
         charts + "</div></section>";
}

std::string curves_section(const MetricsReport& metrics) {
  std::string charts;
  for (const Scatter& curve : metrics.curves) charts += recall_chart(curve);
  if (charts.empty()) return "";
  return "<section><h2>Precision and recall</h2><p class=soft>From the surest answer to the least sure one: how many "
         "of those there are have been found, and how many of those found are right. The mean over the "
         "classes.</p><div "
         "class=charts>" +
         charts + "</div></section>";
}

std::string roc_section(const MetricsReport& metrics) {
  const std::string chart = roc_chart(metrics.roc);
  if (chart.empty()) return "";
  return "<section><h2>True and false accepts</h2><p class=soft>Pairs of one identity that are accepted, over pairs of "
         "two that are, as the threshold falls (ROC). <span class=key style='background:var(--miss)'></span>Where both "
         "errors are equal" +
         std::string(metrics.roc.size() > 2 ? "; <span class=key style='background:var(--good)'></span>the model's "
                                              "threshold"
                                            : "") +
         ".</p><div class=charts>" + chart + "</div></section>";
}

std::string times_section(const RunReport& report) {
  if (report.parts.empty()) return "";
  double total = 0;
  std::vector<Bar> bars;
  for (const PartTime& part : report.parts) {
    total += part.seconds;
    const std::string detail = part.detail.empty() ? "" : " · " + part.detail;
    bars.push_back({.name = part.name, .value = part.seconds, .text = duration(part.seconds) + detail});
  }
  return "<section><h2>Where the time went</h2><p class=soft>" + duration(total) + " in all.</p>" + bar_rows(bars) +
         "</section>";
}

std::string precision_section(const RunReport& report) {
  const PrecisionReport& precision = report.precision;
  std::string html = "<section><h2>Precision of the backbone</h2><dl class=facts><dt>Precision</dt><dd>" +
                     escape_html(precision.chosen) + "</dd>";
  if (precision.chosen != "fp32") {
    html += fmt::format("<dt>Agreement with fp32</dt><dd>cosine of the features ≥ {:.5f}</dd>", precision.min_cosine);
    if (precision.equal_labels) html += "<dt>Equal labels</dt><dd>" + percent(*precision.equal_labels) + "</dd>";
  }
  if (!precision.reason.empty()) html += "<dt>Why</dt><dd>" + escape_html(precision.reason) + "</dd>";
  return html + "</dl></section>";
}

/// Said once, and below it whose it is, which is folded where there are many.
std::string reason_rows(const Reason& reason, std::size_t shown) {
  constexpr std::size_t kFew = 5;
  std::string names;
  for (std::size_t i = 0; i < shown; ++i) names += "<li class=name>" + escape_html(reason.names[i]) + "</li>";
  return fmt::format("<p>{} <span class=soft>({})</span></p><details{}><summary>Names</summary><ul>{}</ul></details>",
                     escape_html(reason.text), format_count(reason.names.size()),
                     reason.names.size() <= kFew ? " open" : "", names);
}

std::string skipped_section(const RunReport& report) {
  if (report.skipped.empty()) return "";
  std::string html = fmt::format("<section><h2>Skipped {}</h2><p class=soft>{} could not be read.</p>", report.nouns,
                                 counted(report.skipped.size(), report.noun, report.nouns));
  std::vector<std::pair<std::string, std::string>> named;
  for (const SkippedPicture& one : report.skipped) named.emplace_back(one.id, one.reason);
  std::size_t left = kSkippedShown;
  for (const Reason& reason : by_reason(named)) {
    if (left == 0) break;
    const std::size_t shown = std::min(reason.names.size(), left);
    html += reason_rows(reason, shown);
    left -= shown;
  }
  if (report.skipped.size() > kSkippedShown)
    html += fmt::format("<p class=soft>The first {} are shown; history.json lists all.</p>", kSkippedShown);
  return html + "</section>";
}

constexpr std::string_view kFooter = "<footer>enxerto ";

std::string recipe_section(const RunReport& report) {
  if (report.recipe.empty()) return "";
  std::string lines;
  for_each_line(report.recipe, [&](std::string_view line, std::size_t) { lines += escape_html(line) + "\n"; });
  return "<section><details><summary>Recipe</summary><pre>" + lines + "</pre></details></section>";
}

}  // namespace

std::string to_html(const RunReport& report) {
  std::string html = fmt::format(
      "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width, "
      "initial-scale=1'><title>{0}</title><style>{1}</style></head><body><main><header><h1>{0}</h1><div "
      "class=soft>{2}</div></header>",
      escape_html(report.title), kHtmlStyle, escape_html(report.created));
  html += warnings_section(report);
  html += headline_section(report);
  html += facts_section(report);
  if (!report.evaluations.empty()) {
    const MetricsReport& metrics = report.evaluations.front().metrics;
    html += tables_sections(metrics) + roc_section(metrics) + curves_section(metrics) + confusion_section(metrics) +
            scatter_section(metrics);
  }
  html += previews_sections(report);
  html += phases_section(report);
  html += search_section(report);
  html += times_section(report);
  html += precision_section(report);
  html += skipped_section(report);
  html += recipe_section(report);
  return html + std::string(kFooter) + escape_html(report.version) + "</footer></main></body></html>\n";
}

bool is_report_html(std::string_view page) {
  if (page.empty()) return true;     // there is nothing to be lost
  constexpr std::size_t kEnd = 200;  // bytes that the footer is among
  return page.substr(page.size() - std::min(page.size(), kEnd)).find(kFooter) != std::string_view::npos;
}

}  // namespace enxerto
