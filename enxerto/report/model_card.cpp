#include "enxerto/report/model_card.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "enxerto/report/format.h"

namespace enxerto {

namespace {

constexpr std::size_t kLabelsShown = 50;

std::string decimal(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "–"; }

void write_labels(std::string& text, const std::vector<std::string>& labels) {
  fmt::format_to(std::back_inserter(text), "It says which of {} classes a picture shows: ", labels.size());
  for (std::size_t i = 0; i < labels.size() && i < kLabelsShown; ++i) {
    text += (i > 0 ? ", " : "") + escape_markdown(labels[i]);
  }
  text += labels.size() > kLabelsShown ? ", … (all in labels.json).\n" : ".\n";
}

void write_use(std::string& text) {
  text +=
      "\n## Use\n\n```sh\nenxerto predict . PICTURE...      # label and probability\n"
      "enxerto evaluate . DATA           # figures on labelled pictures\n"
      "enxerto verify .                  # every hash, and the golden outputs\n```\n";
}

void write_results(std::string& text, const RunReport& report) {
  if (report.evaluations.empty()) return;
  text += "\n## Results\n\n| pictures | number | accuracy | 95 % interval | log loss |\n|---|---:|---:|---:|---:|\n";
  for (const Evaluation& one : report.evaluations) {
    const ClassificationReport& metrics = one.metrics;
    const std::string note = one.note.empty() ? "" : " (" + escape_markdown(one.note) + ")";
    fmt::format_to(std::back_inserter(text), "| {}{} | {} | {} | {} to {} | {} |\n", escape_markdown(one.name), note,
                   grouped(metrics.examples), percent(metrics.accuracy.value), percent(metrics.accuracy.interval.low),
                   percent(metrics.accuracy.interval.high), decimal(metrics.log_loss));
  }
  text += "\nScores by class and the confusion matrix are in report.html.\n";
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
  text += "| With | enxerto " + escape_markdown(report.version) + " |\n";
  text += "\n`enxerto train --recipe recipe.toml` repeats it.\n";
}

void write_limits(std::string& text, const RunReport& report) {
  text +=
      "\n## Limits\n\nThe figures hold for pictures like those it was evaluated on. It always answers with one of its "
      "classes, also for a picture that shows none of them.\n";
  if (!report.skipped.empty()) {
    fmt::format_to(std::back_inserter(text), "\n{} could not be read; history.json says why.\n",
                   pictures(report.skipped.size()));
  }
  for (const std::string& warning : report.warnings) text += "\n- " + escape_markdown(warning) + "\n";
}

}  // namespace

std::string to_model_card(const RunReport& report) {
  std::string text = "# " + escape_markdown(report.title) + "\n\n";
  write_labels(text, report.labels);
  write_use(text);
  write_results(text, report);
  write_making(text, report);
  write_limits(text, report);
  return text;
}

}  // namespace enxerto
