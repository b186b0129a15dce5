#include "enxerto/data/csv_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/column_facts.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_cells.h"
#include "enxerto/data/csv_folds.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/csv_reading.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/one_hot.h"
#include "enxerto/data/several_targets.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::size_t kManyNumbers = 16;  // columns: then they are the samples of one example

/// The part of rows that are marked in a column "is_valid".
std::optional<Part> part_of_flags(std::string_view column) {
  if (column.size() < 3 || !(same_column_name(column.substr(0, 2), "is"))) return std::nullopt;
  return part_named(column.substr(2));
}

class Planner {
 public:
  Planner(const CsvFile& file, const TableOptions& options, DataFaults& faults)
      : file_(file), options_(options), faults_(faults), facts_(columns_.size()) {}

  CsvPlan plan() {
    if (options_.kind != "auto" && target_kind_named(options_.kind).varying)
      fail(ErrorKind::usage, fmt::format("'{}' of a table", options_.kind), "targets that a table has columns for");
    require_header();
    see_rows();
    if (facts_.front().cells == 0) fail(ErrorKind::data, "no rows after the column names", "a row for each example");
    if (!choose_texts()) choose_pictures();
    if (plan_.texts && !options_.images.empty())
      throw usage_error("data.images", "has no effect: the table holds texts, not names of files", "", "leave it out");
    choose_parts();
    choose_fold();
    choose_group();
    choose_targets();
    require_single_columns();
    if (options_.targets.empty() && options_.kind == "auto")
      require_alike_targets(file_.shown(), columns_, facts_, plan_.targets);
    plan_.measured = options_.measured;
    plan_.images_asked = !options_.images.empty();
    plan_.kind_asked = options_.kind != "auto";
    plan_.kind = options_.kind == "auto" ? likely_kind() : std::string(target_kind_named(options_.kind).name);
    check_kind();
    plan_.reading = csv_reading({.file = file_,
                                 .plan = plan_,
                                 .facts = facts_,
                                 .nouns = nouns(),
                                 .guessed = guessed_,
                                 .is_kind_asked = options_.kind != "auto"});
    return plan_;
  }

 private:
  void see_rows() {
    KeptFaults kept;
    file_.for_each_right_row(
        [&](const std::vector<std::string>& fields, std::size_t line) {
          for (std::size_t c = 0; c < columns_.size(); ++c) facts_[c].see(fields[c], line);
        },
        faults_.keeps() ? kept : faults_);
    std::vector<Error> wrong = kept.all();
    if (facts_.front().cells > 0 || wrong.empty()) return;
    for (std::size_t i = 0; i + 1 < wrong.size(); ++i) faults_.add(wrong[i]);
    throw Error(wrong.back());
  }

  [[noreturn]] void fail(ErrorKind kind, std::string found, std::string expected, std::string tip = {}) const {
    throw Error(
        kind,
        {.where = file_.shown(), .found = std::move(found), .expected = std::move(expected), .tip = std::move(tip)});
  }

  void require_header() const {
    const auto file = std::ranges::find_if(columns_, [](const auto& name) { return medium_of_file(name).has_value(); });
    if (file != columns_.end())
      fail(ErrorKind::data, fmt::format("the first line names a file, '{}', not the columns", printable(*file)),
           "a first line such as image,label", "add a line with the names of the columns");
  }

  bool is_asked(std::size_t c) const {
    return std::ranges::find(options_.targets, columns_[c]) != options_.targets.end();
  }
  bool is_named_target(std::size_t c) const {
    return is_one_of(columns_[c], names_.lists) || is_one_of(columns_[c], names_.classes);
  }

  bool is_input(std::size_t c) const { return std::ranges::find(plan_.inputs, c) != plan_.inputs.end(); }
  /// What the examples are called.
  std::string_view nouns() const {
    const Medium of_files = facts_[plan_.inputs.front()].medium.value_or(Medium::image);
    return medium_row(plan_.texts ? Medium::text : of_files).nouns;
  }

  bool is_file_column(std::size_t c) const { return facts_[c].files && !is_asked(c); }

  void use_texts(std::vector<std::size_t> columns) {
    plan_.inputs = std::move(columns);
    plan_.texts = true;
  }

  /// Those that are asked for; else, where no column has files, a pair by its names, one by its name, and, where none
  /// is called as pictures are, the one with most to read. False where there is none.
  bool choose_texts() {
    if (options_.texts.size() > 2)
      fail(ErrorKind::usage, fmt::format("{} columns of texts", options_.texts.size()), "one or two");
    std::vector<std::size_t> asked;
    for (const std::string& name : options_.texts) asked.push_back(known_column(name));
    if (asked.size() == 2 && asked[0] == asked[1])
      fail(ErrorKind::usage, fmt::format("the column '{}' twice", printable(options_.texts[0])),
           "two columns of texts");
    if (asked.empty()) asked = columns_called(columns_, options_.learned);
    if (!asked.empty()) return use_texts(std::move(asked)), true;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (is_file_column(c)) return false;
    }
    const auto text = [&](std::size_t c) { return !is_asked(c) && !facts_[c].numbers && !facts_[c].parts; };
    for (const ColumnPair& pair : column_pairs()) {
      const auto first = find_column(columns_, Names(&pair.first, 1), text);
      const auto second = find_column(columns_, Names(&pair.second, 1), text);
      if (first && second) return use_texts({*first, *second}), true;
    }
    const auto other = [&](std::size_t c) { return !same_column_name(columns_[c], "name"); };
    const bool pictures = find_column(columns_, names_.pictures, other).has_value();
    if (const auto named = find_column(columns_, names_.texts, text); named && !pictures)
      return use_texts({*named}), true;
    std::optional<std::size_t> longest;
    for (std::size_t c = 0; c < columns_.size() && !pictures; ++c) {
      if (!text(c) || !facts_[c].is_text() || is_named_target(c)) continue;
      if (!longest || facts_[c].characters > facts_[*longest].characters) longest = c;
    }
    if (!longest) return false;
    guessed_ = true;
    return use_texts({*longest}), true;
  }

  /// By name and content, by content, by name; else the first that has a name and can be no target.
  void choose_pictures() { plan_.inputs = {column_of_pictures()}; }

  std::size_t column_of_pictures() {
    const auto has_files = [&](std::size_t c) { return is_file_column(c); };
    if (auto both = find_column(columns_, names_.pictures, has_files)) return *both;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (!has_files(c)) continue;
      guessed_ = true;
      return c;
    }
    if (auto named = find_column(columns_, names_.pictures, [](std::size_t) { return true; })) return *named;
    guessed_ = true;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (columns_[c].empty() || is_named_target(c) || facts_[c].parts) continue;
      if (facts_[c].numbers) refuse_samples();
      return c;
    }
    fail(ErrorKind::data, "no column has texts or names of files; the columns are " + all_columns(),
         "a column of texts, called text, or of file names, called file", "name the columns in the first line");
  }

  /// A table of the numbers of each picture is none of pictures.
  void refuse_samples() const {
    std::vector<std::string> numbers;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (facts_[c].numbers && !is_named_target(c)) numbers.push_back(columns_[c]);
    }
    if (numbers.size() < kManyNumbers) return;
    fail(ErrorKind::data,
         fmt::format("{} columns of numbers, {}, {}, .. {}: pixels, not names of pictures", numbers.size(),
                     printable(numbers[0]), printable(numbers[1]), printable(numbers.back())),
         "a column of file names, called image", "write the pixels to picture files first, such as PNG");
  }

  std::string all_columns() const { return printable(fmt::format("{}", fmt::join(columns_, ", "))); }

  void choose_parts() {
    const auto other = [&](std::size_t c) { return !is_input(c) && !is_asked(c) && columns_[c] != options_.group; };
    plan_.split = find_column(columns_, names_.parts.first(1), other);
    if (!plan_.split)
      plan_.split = find_column(columns_, names_.parts, [&](std::size_t c) { return other(c) && facts_[c].parts; });
    for (std::size_t c = 0; c < columns_.size() && !plan_.split; ++c) {
      if (other(c) && facts_[c].parts && facts_[c].different.size() > 1 && !is_named_target(c)) plan_.split = c;
    }
    for (std::size_t c = 0; c < columns_.size() && !plan_.split; ++c) {
      if (!other(c) || !facts_[c].flags || !part_of_flags(columns_[c])) continue;
      plan_.split = c;
      plan_.flagged = part_of_flags(columns_[c]);
    }
    if (plan_.split && !same_column_name(columns_[*plan_.split], names_.parts.front())) guessed_ = true;
  }

  /// The rows of one fold are the test part.
  void choose_fold() {
    FoldColumns columns{.names = columns_, .facts = facts_, .parts = plan_.split};
    for (std::size_t c = 0; c < columns_.size(); ++c) columns.free.push_back(!is_input(c) && !is_asked(c));
    columns.of_clips = !plan_.texts && facts_[plan_.inputs.front()].medium == Medium::audio;
    const FoldChoice choice = enxerto::choose_fold(columns, options_.fold, file_.shown());
    folds_ = choice.column;
    if (!choice.fold) return;
    plan_.split = folds_;
    plan_.fold = choice.fold;
    guessed_ = true;
  }

  /// "target" of a table with folds is a class.
  bool is_class(std::size_t c) const {
    return is_one_of(columns_[c], names_.classes) || (folds_ && is_one_of(columns_[c], names_.fold_classes));
  }

  void choose_group() {
    if (options_.group == kNoGroups) return;
    if (options_.group.empty())
      plan_.group = find_column(columns_, names_.groups, [](std::size_t) { return true; });
    else
      plan_.group = known_column(options_.group);
    if (!plan_.group && options_.group.empty()) choose_usual_group();
    if (!plan_.group || (!is_input(*plan_.group) && plan_.group != plan_.split)) return;
    if (!options_.group.empty())
      fail(ErrorKind::usage, fmt::format("the column '{}' is already used for something else", options_.group),
           "another column of groups");
    plan_.group.reset();
  }

  void choose_usual_group() {
    constexpr std::size_t kEnough = 5;
    plan_.group = find_column(columns_, names_.usual_groups, [&](std::size_t c) {
      return !is_input(c) && c != plan_.split && !is_asked(c) && facts_[c].different.size() >= kEnough;
    });
    guessed_ = guessed_ || plan_.group;
  }

  std::size_t known_column(const std::string& name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end())
      fail(ErrorKind::usage, fmt::format("no column '{}'{}", name, did_you_mean(name, columns_)),
           "one of " + all_columns(), "name the columns as in the first line");
    return static_cast<std::size_t>(found - columns_.begin());
  }

  std::size_t asked_column(const std::string& name) {
    const std::size_t column = known_column(name);
    if (column == plan_.group && options_.group.empty()) plan_.group.reset();
    if (is_input(column))
      fail(ErrorKind::usage, fmt::format("the column '{}' {} the {}", name, plan_.texts ? "has" : "names", nouns()),
           "another column as the target");
    if (std::find(plan_.targets.begin(), plan_.targets.end(), column) != plan_.targets.end())
      fail(ErrorKind::usage, fmt::format("the column '{}' is requested twice", name), "each column once");
    return column;
  }

  bool is_free(std::size_t c) const {
    return !is_input(c) && c != plan_.split && c != folds_ && c != plan_.group && !facts_[c].files &&
           !(plan_.texts && facts_[c].is_text()) && !is_one_of(columns_[c], names_.numbering) &&
           !is_one_of(columns_[c], names_.usual_groups);
  }

  void choose_targets() {
    plan_.targets_asked = !options_.targets.empty();
    for (const std::string& name : options_.targets) plan_.targets.push_back(asked_column(name));
    const auto other = [&](std::size_t c) { return !is_input(c) && c != plan_.split && c != folds_; };
    for (const Names names : {names_.lists, names_.classes, folds_ ? names_.fold_classes : Names()}) {
      const auto column = find_column(columns_, names, other);
      if (plan_.targets.empty() && column) plan_.targets.push_back(*column);
    }
    if (plan_.targets.empty()) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (is_free(c)) plan_.targets.push_back(c);
      }
      guessed_ = guessed_ || !plan_.targets.empty();
    }
    if (plan_.targets.empty() && options_.group.empty()) {
      if (!plan_.group) plan_.group = find_column(columns_, names_.usual_groups, other);
      if (plan_.group) plan_.targets.push_back(*std::exchange(plan_.group, std::nullopt));
    }
    if (plan_.targets.empty())
      fail(ErrorKind::data, "no target column; the columns are " + all_columns(),
           fmt::format("a column 'label' or 'labels' next to the {}, or columns of numbers", nouns()));
    require_distinct_names();
  }

  /// Of two that are called the same, nobody knows which is meant.
  void require_single_columns() const {
    std::vector<std::size_t> used = plan_.inputs;
    for (const auto& column : {plan_.split, plan_.group})
      if (column) used.push_back(*column);
    used.insert(used.end(), plan_.targets.begin(), plan_.targets.end());
    for (const std::size_t c : used)
      if (!columns_[c].empty() && std::ranges::count(columns_, columns_[c]) > 1)
        fail(ErrorKind::data, fmt::format("two columns '{}'", printable(columns_[c])), "unique names",
             "rename the other");
  }

  void require_distinct_names() const {
    std::vector<std::string> names;
    for (const std::size_t c : plan_.targets) names.push_back(columns_[c]);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) fail(ErrorKind::data, fmt::format("two columns '{}'", printable(*twice)), "unique names");
  }

  template <typename Fact>
  bool all(Fact fact) const {
    return std::ranges::all_of(plan_.targets, [&](std::size_t c) { return std::invoke(fact, facts_[c]); });
  }

  std::string likely_kind() const {
    const std::size_t first = plan_.targets.front();
    const ColumnFacts& facts = facts_[first];
    const bool single = plan_.targets.size() == 1;
    const bool is_list = is_one_of(columns_[first], names_.lists);
    if (single && (is_list || facts.are_mostly_lists())) return std::string(kMultiLabelTarget);
    if (single && (facts.decimal_commas || facts.not_finite)) {
      if (!faults_.keeps()) refuse_cell(first, facts.no_number_line, facts.no_number);
      return std::string(kRegressionTarget);
    }
    const auto marks = [](const ColumnFacts& column) { return column.marks() || column.marks_with_gaps(); };
    if (!(single && is_class(first)) && all(marks) && !all(&ColumnFacts::marks)) return std::string(kMultiLabelTarget);
    if (single && !is_class(first) && facts.are_numbers_with_gaps() && facts.numeric > 0)
      return std::string(kRegressionTarget);
    if (single && facts.pipes) return std::string(kMultiLabelTarget);
    if (single && is_class(first))
      return std::string(facts.numbers && !facts.integers ? kRegressionTarget : kClassTarget);
    if (!single && all(&ColumnFacts::flags) && are_one_hot(file_, plan_.targets)) return std::string(kClassTarget);
    if (single ? facts.digits : all(&ColumnFacts::marks)) return std::string(kMultiLabelTarget);
    return std::string(!single || facts.numbers ? kRegressionTarget : kClassTarget);
  }

  void check_kind() {
    const bool single = plan_.targets.size() == 1;
    const ColumnFacts& first = facts_[plan_.targets.front()];
    if (plan_.kind == kSpanTarget)
      fail(ErrorKind::data, "a table, but the answers are passages of a text",
           "questions in SQuAD's form (.json, .jsonl)");
    plan_.one_hot = plan_.kind == kClassTarget && !single && all(&ColumnFacts::flags);
    if (plan_.kind == kClassTarget && !single && !plan_.one_hot)
      fail(ErrorKind::usage, fmt::format("{} columns as a class", plan_.targets.size()), "one",
           "name one column, or take them for labels (data.kind = \"multi_label\") or numbers (data.kind = "
           "\"regression\")");
    if (plan_.kind == kMultiLabelTarget && single &&
        (!(first.flags || first.marks_with_gaps()) || is_one_of(columns_[plan_.targets.front()], names_.lists)))
      plan_.list_separator = first.are_mostly_lists() ? ','
                             : first.pipes            ? '|'
                             : first.semicolons       ? ';'
                             : first.commas           ? ','
                                                      : ' ';
    if (plan_.list_separator != 0 && first.are_mostly_lists() && !first.are_lists() && !faults_.keeps())
      refuse_cell(plan_.targets.front(), first.no_list_line, first.no_list);
    for (const std::size_t c : plan_.targets) {
      const ColumnFacts& facts = facts_[c];
      plan_.signs = plan_.signs || facts.different.contains("-1");
      if (plan_.kind == kRegressionTarget && !facts.numbers && !faults_.keeps())
        refuse_cell(c, facts.no_number_line, facts.no_number);
      if (plan_.kind == kMultiLabelTarget && plan_.list_separator == 0 && !facts.marks() &&
          !(faults_.keeps() && facts.has_no_mark()))
        refuse_cell(c, facts.not_flag_line, facts.not_flag);
    }
  }

  [[noreturn]] void refuse_cell(std::size_t column, std::size_t line, const std::string& cell) const {
    throw wrong_cell(file_, plan_, {.column = column, .line = line, .cell = cell});
  }

  const CsvFile& file_;
  const std::vector<std::string>& columns_ = file_.columns();
  const ColumnNames& names_ = column_names();
  const TableOptions& options_;
  DataFaults& faults_;
  std::vector<ColumnFacts> facts_;
  std::optional<std::size_t> folds_;  ///< the column of folds, whether or not one of them is a part
  bool guessed_ = false;              ///< something was chosen by what is in the columns, not by their names
  CsvPlan plan_;
};

}  // namespace

CsvPlan plan_csv(const CsvFile& file, const TableOptions& options, DataFaults& faults) {
  return Planner(file, options, faults).plan();
}

}  // namespace enxerto
