#include "enxerto/report/html_evaluation.h"

#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"
#include "enxerto/report/html_tables.h"

namespace enxerto {

namespace {

std::string tile(std::string_view value, std::string_view name) {
  return fmt::format("<div class=tile><b>{}</b><span>{}</span></div>", value, name);
}

std::string tile_of(const MetricValue& figure) {
  const std::string interval = interval_of(figure);
  const std::string title = escape_html(title_of(figure));
  return tile(text_of(figure),
              interval.empty() ? title : fmt::format("{} (95&nbsp;% interval {})", title, with_kept_shares(interval)));
}

std::string range_of(const MetricValue& figure) {
  if (!figure.share || !figure.interval || !std::isfinite(figure.value + figure.interval->low + figure.interval->high))
    return "";
  return fmt::format("<div class=range><i style='left:{:.2f}%;width:{:.2f}%'></i><b style='left:{:.2f}%'></b></div>",
                     figure.interval->low * 100, (figure.interval->high - figure.interval->low) * 100,
                     figure.value * 100);
}

std::string big_number(const Evaluation& one, const RunReport& report) {
  const std::vector<MetricValue> figures = headline(one.metrics);
  const std::string note = one.note.empty() ? "" : ", " + escape_html(one.note);
  std::string html;
  for (const MetricValue& figure : figures) {
    const std::string interval = interval_of(figure), baseline = baseline_of(figure);
    html +=
        fmt::format("<div class=soft>{}</div><div class={}>{}</div>{}{}{}", escape_html(capitalised(title_of(figure))),
                    html.empty() ? "big" : "second", text_of(figure), range_of(figure),
                    interval.empty() ? "" : "<div>95 % interval " + with_kept_shares(interval) + "</div>",
                    baseline.empty() ? "" : "<div class=soft>" + escape_html(capitalised(baseline)) + "</div>");
  }
  return fmt::format("<div>{}<div class=soft>on {}{} ({}{})</div></div>", html,
                     counted(one.metrics.examples, report.noun, report.nouns), groups_of(one.metrics),
                     escape_html(one.name), note);
}

/// A row of an evaluation: the first of the figures with its interval, and the second where there is one.
std::string evaluation_row(const Evaluation& one, const std::vector<MetricValue>& compared) {
  const std::string note = one.note.empty() ? "" : " <span class=soft>" + escape_html(one.note) + "</span>";
  const auto cell = [](const std::string& text, const std::string& column) {
    return named_cell("<td class=num>" + text, column);
  };
  const auto figure_cell = [&](const MetricValue& column) {
    const MetricValue* figure = one.metrics.find(column.name);
    return cell(figure == nullptr ? "–" : text_of(*figure), capitalised(title_of(column)));
  };
  const MetricValue* first = one.metrics.find(compared.front().name);
  const std::string interval = first == nullptr ? "" : interval_of(*first);
  std::string html = fmt::format("<tr><td>{}{}", escape_html(one.name), note) + groups_of(one.metrics) +
                     cell(format_count(one.metrics.examples), "Number") + figure_cell(compared.front()) +
                     cell(interval.empty() ? "–" : with_kept_shares(interval), "95 % interval");
  return html + (compared.size() > 1 ? figure_cell(compared[1]) : "<td>");
}

std::string other_evaluations(const RunReport& report) {
  if (report.evaluations.size() < 2) return "";
  const std::vector<MetricValue> figures = compared_figures(report.evaluations);
  std::string html = fmt::format(
      "<div class=scroll><table class=rows style='margin-top:18px'><thead><tr><th>{}<th class=num>Number<th "
      "class=num>{}<th class=num>95 % interval<th class=num>{}</thead><tbody>",
      capitalised(report.nouns), escape_html(capitalised(title_of(figures.front()))),
      figures.size() > 1 ? escape_html(capitalised(title_of(figures[1]))) : "");
  for (const Evaluation& one : report.evaluations) html += evaluation_row(one, figures);
  return html + "</tbody></table></div>";
}

}  // namespace

std::string headline_section(const RunReport& report) {
  if (report.evaluations.empty()) return "";
  const Evaluation& first = report.evaluations.front();
  const std::vector<MetricValue> figures = shown_figures(first.metrics);
  std::string tiles;
  for (std::size_t i = headline(first.metrics).size(); i < figures.size(); ++i) tiles += tile_of(figures[i]);
  tiles += tile(format_count(first.metrics.examples), report.nouns + " evaluated");
  return "<section><div class=headline>" + big_number(first, report) + "<div class=tiles>" + tiles + "</div></div>" +
         other_evaluations(report) + "</section>";
}

}  // namespace enxerto
