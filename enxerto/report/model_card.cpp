#include "enxerto/report/model_card.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

#include "enxerto/report/format.h"
#include "enxerto/report/headline.h"

namespace enxerto {

namespace {

constexpr std::size_t kLabelsShown = 50;

/// What the card says of a model of each kind, in the order of MetricsReport.
struct Words {
  std::string_view purpose, use, details, limits;
};
constexpr std::array<Words, 3> kWords{
    {{"It says which of {} classes a picture shows: ", "label and probability",
      "Scores by class and the confusion matrix are in report.html.",
      "It always answers with one of its classes, also for a picture that shows none of them."},
     {"It says which of {} labels a picture has, any number of them: ", "labels and their probabilities",
      "Scores by label are in report.html.",
      "A label is named from a probability of 0.5 on, unless another threshold is asked for."},
     {"It predicts numbers for a picture, {}: ", "the numbers, in the units of the data",
      "Errors of each number, beside those of saying the mean, are in report.html.",
      "It answers with numbers for any picture, also for one that shows nothing of the kind."}}};

const Words& words_of(const RunReport& report) {
  return kWords[report.evaluations.empty() ? 0 : report.evaluations.front().metrics.index()];
}

void write_labels(std::string& text, const RunReport& report) {
  const std::vector<std::string>& labels = report.labels;
  fmt::format_to(std::back_inserter(text), fmt::runtime(words_of(report).purpose), labels.size());
  for (std::size_t i = 0; i < labels.size() && i < kLabelsShown; ++i) {
    text += (i > 0 ? ", " : "") + escape_markdown(labels[i]);
  }
  text += labels.size() > kLabelsShown ? ", … (all in labels.json).\n" : ".\n";
}

void write_use(std::string& text, const RunReport& report) {
  text += "\n## Use\n\n```sh\nenxerto predict . PICTURE...      # " + std::string(words_of(report).use) + "\n";
  text +=
      "enxerto evaluate . DATA           # figures on labelled pictures\n"
      "enxerto verify .                  # every hash, and the golden outputs\n```\n";
}

void write_results(std::string& text, const RunReport& report) {
  if (report.evaluations.empty()) return;
  const Headline first = headline_of(report.evaluations.front().metrics);
  fmt::format_to(std::back_inserter(text),
                 "\n## Results\n\n| pictures | number | {} | 95 % interval | {} |\n|---|---:|---:|---:|---:|\n",
                 first.main.name, first.second.name);
  for (const Evaluation& one : report.evaluations) {
    const Headline headline = headline_of(one.metrics);
    const std::string note = one.note.empty() ? "" : " (" + escape_markdown(one.note) + ")";
    fmt::format_to(std::back_inserter(text), "| {}{} | {} | {} | {} | {} |\n", escape_markdown(one.name), note,
                   grouped(examples_of(one.metrics)), headline.main.value,
                   headline.interval.empty() ? "–" : headline.interval, headline.second.value);
  }
  text += "\n" + std::string(words_of(report).details) + "\n";
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
  text += "\n## Limits\n\nThe figures hold for pictures like those it was evaluated on. " +
          std::string(words_of(report).limits) + "\n";
  if (!report.skipped.empty()) {
    fmt::format_to(std::back_inserter(text), "\n{} could not be read; history.json says why.\n",
                   pictures(report.skipped.size()));
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
