#include "enxerto/report/html_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "enxerto/report/format.h"

namespace enxerto {
namespace {

std::string name_of(const std::vector<std::string>& labels, std::size_t index) {
  return escape_html(index < labels.size() ? labels[index] : std::to_string(index));
}

std::string with_interval(const Estimate& estimate) {
  std::string text = measure(estimate.value);
  if (std::isfinite(estimate.interval.low)) {
    fmt::format_to(std::back_inserter(text), " <span class=soft>{} to {}</span>", measure(estimate.interval.low),
                   measure(estimate.interval.high));
  }
  return text;
}

std::string decimal(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "–"; }

}  // namespace

std::string share_cell(double share) {
  return fmt::format(
      "<td><span class=share><span class=track><i style='width:{:.1f}%'></i></span><span class=num>{}</span></span>",
      std::isfinite(share) ? share * 100 : 0.0, percent(share));
}

std::string labels_section(const MultiLabelReport& metrics, const std::vector<std::string>& labels) {
  if (metrics.per_label.empty()) return "";
  const auto precision = [&](std::size_t i) {
    const double value = metrics.per_label[i].average_precision;
    return std::isfinite(value) ? value : 2.0;  // Labels that no picture has are neither hard nor easy: last.
  };
  std::vector<std::size_t> order(metrics.per_label.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return precision(a) < precision(b); });
  std::string html = fmt::format(
      "<section><h2>Label by label</h2><p class=soft>The hardest first. Recall, precision and F1 where a label is "
      "named "
      "from a probability of {:g} on.</p><div class=scroll><table><thead><tr><th>Label<th>Average precision<th>Recall"
      "<th>Precision<th>F1<th class=num>ROC AUC<th class=num>Pictures</thead><tbody>",
      metrics.threshold);
  for (const std::size_t i : order) {
    const LabelScores& one = metrics.per_label[i];
    html += "<tr><td class=name>" + name_of(labels, i) + share_cell(one.average_precision) +
            share_cell(one.scores.recall) + share_cell(one.scores.precision) + share_cell(one.scores.f1) +
            "<td class=num>" + decimal(one.roc_auc) + "<td class=num>" + grouped(one.scores.support);
  }
  return html + "</tbody></table></div></section>";
}

std::string values_section(const RegressionReport& metrics, const std::vector<std::string>& labels) {
  if (metrics.per_value.empty()) return "";
  std::string html =
      "<section><h2>Value by value</h2><p class=soft>In the unit of each column, with 95 % intervals; beside it what "
      "one is off who says the mean of all pictures.</p><div class=scroll><table><thead><tr><th>Value<th "
      "class=num>Mean "
      "absolute error<th class=num>Root mean squared error<th class=num>R²<th class=num>Mean<th class=num>Its absolute "
      "error<th class=num>Its root mean squared error</thead><tbody>";
  for (std::size_t i = 0; i < metrics.per_value.size(); ++i) {
    const ValueErrors& one = metrics.per_value[i];
    fmt::format_to(std::back_inserter(html),
                   "<tr><td class=name>{}<td class=num>{}<td class=num>{}<td class=num>{}<td class=num>{}<td "
                   "class=num>{}<td class=num>{}",
                   name_of(labels, i), with_interval(one.mae), with_interval(one.rmse), decimal(one.r2),
                   measure(one.baseline), measure(one.baseline_mae), measure(one.baseline_rmse));
  }
  return html + "</tbody></table></div></section>";
}

}  // namespace enxerto
