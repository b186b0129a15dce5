#include "enxerto/report/html_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <tuple>

#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"
#include "enxerto/report/headline.h"
#include "enxerto/report/html_targets.h"

namespace enxerto {

namespace {

constexpr std::size_t kHeatMapUpTo = 60;
constexpr std::size_t kPairsShown = 10;

std::string label_of(const std::vector<std::string>& labels, std::size_t index) {
  return index < labels.size() ? labels[index] : std::to_string(index);
}

std::string tile(std::string_view value, std::string_view name) {
  return fmt::format("<div class=tile><b>{}</b><span>{}</span></div>", value, name);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string range_of(const Share& share) {
  if (!std::isfinite(share.value)) return "";
  return fmt::format("<div class=range><i style='left:{:.2f}%;width:{:.2f}%'></i><b style='left:{:.2f}%'></b></div>",
                     share.interval.low * 100, (share.interval.high - share.interval.low) * 100, share.value * 100);
}

std::string big_number(const Evaluation& one, const Headline& headline) {
  const std::string note = one.note.empty() ? "" : ", " + escape_html(one.note);
  const std::string interval = headline.interval.empty() ? "" : "<div>95 % interval " + headline.interval + "</div>";
  return fmt::format("<div><div class=soft>{}</div><div class=big>{}</div>{}{}<div class=soft>on {} ({}{})</div></div>",
                     capitalised(headline.main.name), headline.main.value,
                     headline.share ? range_of(*headline.share) : "", interval, pictures(examples_of(one.metrics)),
                     escape_html(one.name), note);
}

std::string other_evaluations(const RunReport& report) {
  if (report.evaluations.size() < 2) return "";
  const Headline first = headline_of(report.evaluations.front().metrics);
  std::string html = fmt::format(
      "<table style='margin-top:18px'><tr><th>Pictures<th class=num>Number<th class=num>{}<th class=num>95 % "
      "interval<th class=num>{}",
      capitalised(first.main.name), capitalised(first.second.name));
  for (const Evaluation& one : report.evaluations) {
    const Headline headline = headline_of(one.metrics);
    const std::string note = one.note.empty() ? "" : " <span class=soft>" + escape_html(one.note) + "</span>";
    fmt::format_to(std::back_inserter(html),
                   "<tr><td>{}{}<td class=num>{}<td class=num>{}<td class=num>{}<td class=num>{}",
                   escape_html(one.name), note, grouped(examples_of(one.metrics)), headline.main.value,
                   headline.interval.empty() ? "–" : headline.interval, headline.second.value);
  }
  return html + "</table>";
}

std::string heat_map_of(const ClassificationReport& metrics, const std::vector<std::string>& labels) {
  std::vector<std::int64_t> counts;
  std::vector<std::string> names;
  for (std::size_t row = 0; row < metrics.confusion.size(); ++row) {
    names.push_back(label_of(labels, row));
    for (const std::size_t count : metrics.confusion[row]) counts.push_back(static_cast<std::int64_t>(count));
  }
  return heat_map({.labels = names, .counts = counts});
}

std::string pairs_table(const ClassificationReport& metrics, const std::vector<std::string>& labels) {
  const std::vector<ConfusedPair> pairs = most_confused(metrics, kPairsShown);
  if (pairs.empty()) return "<p>No picture was taken for another class.</p>";
  std::string html =
      "<table style='margin-top:14px'><tr><th>Most often confused: a picture of<th>was taken for<th "
      "class=num>times<th class=num>of all of its class";
  for (const ConfusedPair& pair : pairs) {
    const auto& row = metrics.confusion[pair.truth];
    const std::size_t total = std::accumulate(row.begin(), row.end(), std::size_t{0});
    fmt::format_to(std::back_inserter(html), "<tr><td class=name>{}<td class=name>{}<td class=num>{}<td class=num>{}",
                   escape_html(label_of(labels, pair.truth)), escape_html(label_of(labels, pair.predicted)),
                   grouped(pair.count), percent(static_cast<double>(pair.count) / static_cast<double>(total)));
  }
  return html + "</table>";
}

}  // namespace

std::string headline_section(const RunReport& report) {
  if (report.evaluations.empty()) return "";
  const Evaluation& first = report.evaluations.front();
  const Headline headline = headline_of(first.metrics);
  std::string tiles;
  for (const Figure& figure : headline.others) tiles += tile(figure.value, figure.name);
  return "<section><div class=headline>" + big_number(first, headline) + "<div class=tiles>" + tiles + "</div></div>" +
         other_evaluations(report) + "</section>";
}

std::string detail_sections(const Evaluation& evaluation, const std::vector<std::string>& labels) {
  if (const auto* classes = std::get_if<ClassificationReport>(&evaluation.metrics))
    return confusion_section(*classes, labels) + classes_section(*classes, labels);
  if (const auto* several = std::get_if<MultiLabelReport>(&evaluation.metrics)) return labels_section(*several, labels);
  return values_section(std::get<RegressionReport>(evaluation.metrics), labels);
}

std::string confusion_section(const ClassificationReport& metrics, const std::vector<std::string>& labels) {
  if (metrics.confusion.empty()) return "";
  std::string html =
      "<section><h2>Which classes are taken for which</h2><p class=soft>Rows: true class. Columns: what the model "
      "said.";
  if (metrics.confusion.size() <= kHeatMapUpTo) {
    html +=
        "<span class=key style='background:var(--hit)'></span>right<span class=key "
        "style='background:var(--miss)'></span>wrong; the stronger, the larger the share of the row.</p>" +
        heat_map_of(metrics, labels);
  } else {
    html += fmt::format(" The matrix of {} classes is in history.json.</p>", metrics.confusion.size());
  }
  return html + pairs_table(metrics, labels) + "</section>";
}

std::string classes_section(const ClassificationReport& metrics, const std::vector<std::string>& labels) {
  const std::vector<ClassScores>& scores = metrics.per_class;
  if (scores.empty()) return "";
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a].f1 < scores[b].f1; });
  std::string html =
      "<section><h2>Class by class</h2><p class=soft>The hardest first.</p><div "
      "class=scroll><table><thead><tr><th>Class"
      "<th>Recall<th>Precision<th>F1<th class=num>Pictures</thead><tbody>";
  for (const std::size_t i : order) {
    html += "<tr><td class=name>" + escape_html(label_of(labels, i)) + share_cell(scores[i].recall) +
            share_cell(scores[i].precision) + share_cell(scores[i].f1) + "<td class=num>" + grouped(scores[i].support);
  }
  return html + "</tbody></table></div></section>";
}

std::vector<ConfusedPair> most_confused(const ClassificationReport& metrics, std::size_t most) {
  std::vector<ConfusedPair> pairs;
  for (std::size_t truth = 0; truth < metrics.confusion.size(); ++truth) {
    for (std::size_t predicted = 0; predicted < metrics.confusion[truth].size(); ++predicted) {
      const std::size_t count = metrics.confusion[truth][predicted];
      if (truth != predicted && count > 0) pairs.push_back({.truth = truth, .predicted = predicted, .count = count});
    }
  }
  const auto before = [](const ConfusedPair& a, const ConfusedPair& b) {
    return std::tuple(b.count, a.truth, a.predicted) < std::tuple(a.count, b.truth, b.predicted);
  };
  const auto kept = std::min(most, pairs.size());
  std::partial_sort(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(kept), pairs.end(), before);
  pairs.resize(kept);
  return pairs;
}

}  // namespace enxerto
