#include "enxerto/report/html_confusion.h"

#include <cstdint>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/report/charts.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"
#include "enxerto/report/html_tables.h"

namespace enxerto {
namespace {

constexpr std::size_t kHeatMapUpTo = 60;
constexpr std::size_t kPairsShown = 10;

std::string heat_map_of(const Confusion& confusion) {
  std::vector<std::int64_t> counts;
  for (const auto& row : confusion.counts)
    for (const std::size_t count : row) counts.push_back(static_cast<std::int64_t>(count));
  return heat_map({.labels = confusion.names, .counts = counts});
}

std::string pairs_table(const Confusion& confusion) {
  const std::vector<ConfusedPair> pairs = most_confused(confusion, kPairsShown);
  if (pairs.empty()) return "<p>No example was mistaken for another class.</p>";
  std::string html =
      "<div class=scroll><table class=rows style='margin-top:14px'><thead><tr><th>Most often confused: true "
      "class<th>Predicted as<th class=num>Times<th class=num>Share of the class</thead><tbody>";
  for (const ConfusedPair& pair : pairs) {
    const auto& row = confusion.counts[pair.truth];
    const std::size_t total = std::accumulate(row.begin(), row.end(), std::size_t{0});
    const double share = static_cast<double>(pair.count) / static_cast<double>(total);
    html += "<tr><td class=name>" + escape_html(confusion.names.at(pair.truth)) +
            named_cell("<td class=name>" + escape_html(confusion.names.at(pair.predicted)), "Predicted as") +
            named_cell("<td class=num>" + format_count(pair.count), "Times") +
            named_cell("<td class=num>" + percent(share), "Share of the class");
  }
  return html + "</tbody></table></div>";
}

}  // namespace

std::string confusion_section(const MetricsReport& report) {
  if (!report.confusion || report.confusion->counts.empty()) return "";
  const Confusion& confusion = *report.confusion;
  std::string html = "<section><h2>Confusion matrix</h2><p class=soft>Rows: true class. Columns: predicted class.";
  if (confusion.counts.size() <= kHeatMapUpTo) {
    html +=
        "<span class=key style='background:var(--hit)'></span>correct<span class=key "
        "style='background:var(--miss)'></span>wrong; the stronger the colour, the larger the share of the "
        "row.</p><div class=scroll>" +
        heat_map_of(confusion) + "</div>";
  } else {
    html += fmt::format(" The matrix of {} classes is in history.json.</p>", confusion.counts.size());
  }
  return html + pairs_table(confusion) + "</section>";
}

}  // namespace enxerto
