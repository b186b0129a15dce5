#include "enxerto/report/model_card.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "enxerto/base/few_names.h"
#include "enxerto/base/quantity.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"

namespace enxerto {

namespace {

constexpr std::size_t kInASentence = 10;  // more names are a list, folded
constexpr std::size_t kLabelsShown = 50;

void write_labels(std::string& text, const RunReport& report) {
  const std::vector<std::string>& labels = report.labels;
  text += report.words.purpose;
  std::vector<std::string> escaped;
  for (const std::string& label : labels) escaped.push_back(escape_markdown(label));
  if (labels.size() <= kInASentence) {
    text += fmt::format("{}.\n", fmt::join(escaped, ", "));
    return;
  }
  text += few_names(escaped) + ".\n\n<details><summary>Their names</summary>\n\n";
  for (std::size_t i = 0; i < labels.size() && i < kLabelsShown; ++i) text += "- " + escaped[i] + "\n";
  if (labels.size() > kLabelsShown)
    text += fmt::format("- and {} more, all in task.json\n", labels.size() - kLabelsShown);
  text += "\n</details>\n";
}

void write_use(std::string& text, const RunReport& report) {
  text += "\n## Use\n\n```sh\nenxerto predict . FILE...         # " + report.words.use + "\n";
  text += "enxerto evaluate . DATA           # metrics on labelled " + report.nouns + "\n";
  text += "enxerto verify .                  # every hash, and the golden outputs\n```\n";
}

void write_results(std::string& text, const RunReport& report) {
  if (report.evaluations.empty()) return;
  const std::vector<MetricValue> compared = compared_figures(report.evaluations);
  text += fmt::format("\n## Results\n\n| {} | number | {} | 95 % interval | {} |\n|---|---:|---:|---:|---:|\n",
                      report.nouns, escape_markdown(title_of(compared.front())),
                      compared.size() > 1 ? escape_markdown(title_of(compared[1])) : "");
  const auto shown = [](const MetricValue* figure) { return figure == nullptr ? "–" : text_of(*figure); };
  for (const Evaluation& one : report.evaluations) {
    const MetricValue* first = one.metrics.find(compared.front().name);
    const std::string note = one.note.empty() ? "" : " (" + escape_markdown(one.note) + ")";
    const std::string interval = first == nullptr ? "" : interval_of(*first);
    text += fmt::format("| {}{}{} | {} | {} | {} | {} |\n", escape_markdown(one.name), note, groups_of(one.metrics),
                        format_count(one.metrics.examples), shown(first), interval.empty() ? "–" : interval,
                        compared.size() > 1 ? shown(one.metrics.find(compared[1].name)) : "");
  }
  const std::string baseline = baseline_of(compared.front());
  if (!baseline.empty()) text += "\nTo compare with: " + escape_markdown(baseline) + ".\n";
  text += "\n" + report.words.details + "\n";
}

void write_making(std::string& text, const RunReport& report) {
  text += "\n## How it was made\n\n| | |\n|---|---|\n";
  for (const ReportFact& fact : report.facts) {
    text += "| " + escape_markdown(fact.name) + " | " + escape_markdown(fact.value) + " |\n";
  }
  text += "| Precision of the backbone | " + escape_markdown(report.precision.chosen) + " |\n";
  if (!report.licence.empty()) {
    text += "| Licence of the backbone's weights | " + escape_markdown(report.licence) + " |\n";
  }
  if (!report.created.empty()) text += "| Made | " + escape_markdown(report.created) + " |\n";
  text += "| Version | enxerto " + escape_markdown(report.version) + " |\n";
  text +=
      "\n`enxerto train DATA --recipe recipe.toml --output NEW` repeats it (with `--backbone PATH` where that was a "
      "file or a folder).\n";
}

void write_limits(std::string& text, const RunReport& report) {
  text += "\n## Limits\n\nThe figures hold for " + report.nouns + " like those it was evaluated on. " +
          report.words.limits + "\n";
  if (!report.skipped.empty()) {
    text += fmt::format("\n{} could not be read; history.json says why.\n",
                        counted(report.skipped.size(), report.noun, report.nouns));
  }
  for (const std::string& warning : report.warnings) text += "\n- " + escape_markdown(warning) + "\n";
}

}  // namespace

std::string to_model_card(const RunReport& report) {
  std::string text = "# " + escape_markdown(report.title) + "\n\n";
  write_labels(text, report);
  write_use(text, report);
  write_results(text, report);
  write_making(text, report);
  write_limits(text, report);
  return text;
}

}  // namespace enxerto
