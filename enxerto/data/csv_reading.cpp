#include "enxerto/data/csv_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "enxerto/data/csv_cells.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

std::vector<std::size_t> unused_columns(const PlannedCsv& planned) {
  const CsvPlan& plan = planned.plan;
  std::vector<std::size_t> unused;
  for (std::size_t c = 0; c < planned.facts.size(); ++c) {
    const bool target = std::ranges::find(plan.targets, c) != plan.targets.end();
    const bool input = std::ranges::find(plan.inputs, c) != plan.inputs.end();
    const bool used = target || input || c == plan.split || c == plan.group;
    if (!used && !planned.file.columns()[c].empty()) unused.push_back(c);
  }
  return unused;
}

bool few_whole_numbers(const PlannedCsv& planned) {
  const ColumnFacts& facts = planned.facts[planned.plan.targets.front()];
  return planned.plan.targets.size() == 1 && facts.integers && facts.different.size() < ColumnFacts::kDifferent;
}

constexpr std::size_t kManyClasses = 10;

/// Prices and weights as people write them: a class each.
bool are_measures(const ColumnFacts& facts) { return facts.units && facts.different.size() >= kManyClasses; }

/// Numbers, as programs or people write them, in most cells.
bool are_nearly_all_numbers(const ColumnFacts& facts) {
  return facts.words && facts.different.size() >= kManyClasses && 2 * facts.measured > facts.cells;
}

/// Files beside files, or classes that people wrote sentences of: what the table may be meant as.
std::string other_meaning(const PlannedCsv& planned, std::span<const std::size_t> unused) {
  const CsvPlan& plan = planned.plan;
  if (plan.kind != kClassTarget || planned.is_kind_asked) return "";
  const auto medium = planned.facts[plan.inputs.front()].medium;
  const auto other = std::ranges::find_if(
      unused, [&](std::size_t c) { return planned.facts[c].files && planned.facts[c].medium == medium; });
  const std::vector<std::string>& names = planned.file.columns();
  if (!plan.texts && other != unused.end())
    return fmt::format("; {} too names {}: where rows are pairs to compare, call the columns first, second and same",
                       printable(names[*other]), planned.nouns);
  const ColumnFacts& target = planned.facts[plan.targets.front()];
  if (are_measures(target))
    return fmt::format(
        "; {} holds numbers with a sign or a unit, such as {}, which are classes so: to learn the numbers "
        "leave them alone in the cells",
        printable(names[plan.targets.front()]), printable(*target.different.begin()));
  if (are_nearly_all_numbers(target))
    return fmt::format(
        "; {} of the {} cells of {} are plain numbers, but not '{}' in line {}: the column is classes so; to learn "
        "the numbers mend the others (data.kind = \"regression\" names them)",
        target.numeric, target.cells, printable(names[plan.targets.front()]), printable(target.word), target.word_line);
  if (!target.is_text() || target.different.size() < ColumnFacts::kDifferent || plan.texts || medium == Medium::text)
    return "";
  return fmt::format(
      "; {0} reads as what is {1} in the {2}: to learn to write it down, data.targets = [\"{0}\"] and task.kind = "
      "\"{3}\"",
      printable(names[plan.targets.front()]), medium == Medium::audio ? "said" : "written", planned.nouns,
      medium == Medium::audio ? "speech_recognition" : "text_recognition");
}

/// What is between labels of a cell, where that is to be told: spaces, or one of several signs that cells have.
std::string separator_told(const PlannedCsv& planned) {
  const ColumnFacts& facts = planned.facts[planned.plan.targets.front()];
  const char sign = planned.plan.list_separator;
  if (sign == 0 || facts.different.size() < 2 || facts.are_lists()) return "";
  if (sign == ' ') return " (separated by spaces)";
  const std::pair<bool, char> others[] = {{facts.semicolons, ';'}, {facts.commas, ','}};
  for (const auto& [there, other] : others)
    if (there && other != sign) return fmt::format(" (separated by {}; a {} is part of a label)", sign, other);
  return "";
}

}  // namespace

/// Numbers that are read as fractions and may be meant as thousands.
std::string doubtful_points(const PlannedCsv& planned) {
  constexpr std::size_t kEnough = 3;
  if (planned.plan.kind != kRegressionTarget) return "";
  for (const std::size_t c : planned.plan.targets) {
    const ColumnFacts& facts = planned.facts[c];
    if (facts.three_decimals >= kEnough && !facts.other_decimals && facts.three_decimals < facts.numeric)
      return fmt::format(
          "; every number with a point in {} has three digits behind it: 1.500 is read as one and a half; if it is "
          "fifteen hundred, write 1500",
          printable(planned.file.columns()[c]));
  }
  return "";
}

std::string csv_reading(const PlannedCsv& planned) {
  const CsvPlan& plan = planned.plan;
  const auto listed = [&](const std::vector<std::size_t>& columns) { return first_columns(planned.file, columns); };
  const std::vector<std::size_t> unused = unused_columns(planned);
  const std::string separator = separator_told(planned);
  const std::string other = other_meaning(planned, unused) + doubtful_points(planned);
  if (!planned.guessed && unused.empty() && separator.empty() && !plan.one_hot && other.empty() &&
      !planned.file.without_header())
    return "";
  const std::string_view what = plan.kind == kClassTarget        ? "classes"
                                : plan.kind == kMultiLabelTarget ? "labels"
                                                                 : "numbers to predict";
  std::string text =
      fmt::format("{}{}: {}; {}: {}", planned.file.without_header() ? "no line with the names of columns; " : "",
                  planned.nouns, listed(plan.inputs), what, listed(plan.targets));
  text += separator;
  if (plan.one_hot && !planned.is_kind_asked)
    text += fmt::format(
        ", of which each of the {} has one; for labels that do not exclude each other say so (data.kind = "
        "\"multi_label\")",
        planned.nouns);
  if (plan.split) text += fmt::format("; {}: {}", plan.fold ? "folds" : "parts", listed({*plan.split}));
  if (plan.fold) text += fmt::format(", of which {} is the test part", *plan.fold);
  if (plan.group) text += fmt::format("; groups: {}", listed({*plan.group}));
  if (!unused.empty()) text += fmt::format("; not used: {}", listed(unused));
  if (plan.kind == kRegressionTarget && !planned.is_kind_asked && few_whole_numbers(planned))
    text += "; for classes say so (data.kind = \"classes\")";
  if (plan.kind == kMultiLabelTarget && !planned.is_kind_asked && plan.targets.size() == 1 && plan.list_separator == 0)
    text += "; for two classes, 0 and 1, say so (data.kind = \"classes\")";
  return text + other;
}

}  // namespace enxerto
