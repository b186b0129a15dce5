#include "enxerto/workflow/worse_than_baseline.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "enxerto/heads/exact_solver.h"

namespace enxerto {
namespace {

constexpr std::string_view kError = "rmse", kBaselineError = "baseline_rmse";

bool has(const MetricTable& table, std::string_view column) {
  return std::ranges::find(table.columns, column, &MetricColumn::name) != table.columns.end();
}

void add_rows(const MetricTable& table, std::vector<std::string>& sentences) {
  if (!has(table, kError) || !has(table, kBaselineError)) return;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const double error = table.number(row, kError), baseline = table.number(row, kBaselineError);
    if (!(error > baseline)) continue;
    sentences.push_back(fmt::format(
        "{} is predicted worse than by always predicting the training mean (root mean squared error {:.4g} against "
        "{:.4g})",
        std::get<std::string>(table.rows[row].front()), error, baseline));
  }
}

std::string shown(const MetricValue& figure, double value) {
  return figure.share ? fmt::format("{:.1f} %", 100 * value) : fmt::format("{:.4g}", value);
}

void add_figure(const MetricValue& figure, std::vector<std::string>& sentences) {
  if (figure.shown && figure.name == "r2" && figure.value < 0)
    sentences.push_back(fmt::format("{} {:.4g} is below 0: always predicting the mean of these examples is nearer",
                                    figure.title.empty() ? figure.name : figure.title, figure.value));
  if (!figure.shown || !figure.baseline) return;
  const double baseline = figure.baseline->value;
  const bool worse = figure.higher_is_better ? figure.value <= baseline : figure.value >= baseline;
  if (!worse) return;  // nor where either is none
  sentences.push_back(fmt::format("{} {} is no better than {} ({})", figure.title.empty() ? figure.name : figure.title,
                                  shown(figure, figure.value), figure.baseline->name, shown(figure, baseline)));
}

}  // namespace

bool beats_baseline(const MetricsReport& measured) {
  const auto first = std::ranges::find_if(measured.values, &MetricValue::shown);
  if (first == measured.values.end()) return true;
  if (!first->baseline) return first->name != "r2" || first->value > 0;
  return first->higher_is_better ? first->value > first->baseline->value : first->value < first->baseline->value;
}

std::string no_better_on_held_out(const TrainReport& report) {
  const MetricValue* const test = report.test.find("accuracy");
  if (report.l2_chosen_by != kHeldOutGroups || report.l2.size() != 1 || test == nullptr || !test->baseline) return "";
  for (const TriedL2& tried : report.l2_trials) {
    const auto accuracy = std::ranges::find(tried.figures, "accuracy", &std::pair<std::string, double>::first);
    if (tried.l2 != report.l2.front() || accuracy == tried.figures.end()) continue;
    if (accuracy->second > test->baseline->value) return "";
    return fmt::format(
        "groups that were held out in training are told right in {:.1f} % of their examples, no better than {} in the "
        "test part ({:.1f} %): expect no more of new groups than that, whatever the test says of its own",
        100 * accuracy->second, test->baseline->name, 100 * test->baseline->value);
  }
  return "";
}

std::vector<std::string> worse_than_baseline(const MetricsReport& measured) {
  std::vector<std::string> sentences;
  for (const MetricValue& figure : measured.values) add_figure(figure, sentences);
  for (const MetricTable& table : measured.tables) add_rows(table, sentences);
  return sentences;
}

}  // namespace enxerto
