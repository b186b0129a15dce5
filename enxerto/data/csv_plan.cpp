#include "enxerto/data/csv_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 5> kPictures{"file", "path", "image", "filename", "name"};
constexpr std::array<std::string_view, 2> kLists{"labels", "tags"};
constexpr std::array<std::string_view, 2> kClasses{"label", "class"};
constexpr std::array<std::string_view, 1> kSplit{"split"};
constexpr std::array<std::string_view, 1> kGroup{"group"};
constexpr std::array<std::string_view, 4> kNumbering{"", "id", "index", "unnamed: 0"};

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_one_of(std::string_view column, Names names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return same_name(column, name); });
}

/// The column with the first of the names that there is.
std::optional<std::size_t> find_column(const std::vector<std::string>& columns, Names names) {
  for (const std::string_view name : names) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (same_name(columns[c], name)) return c;
    }
  }
  return std::nullopt;
}

/// What all cells of a column have in common.
struct ColumnFacts {
  bool binary = true, numbers = true, pipes = false, semicolons = false;
  std::size_t not_binary_line = 0, no_number_line = 0;
  std::string not_binary, no_number;  ///< the first cells that are not

  void see(const std::string& cell, std::size_t line) {
    pipes = pipes || cell.find('|') != std::string::npos;
    semicolons = semicolons || cell.find(';') != std::string::npos;
    if (binary && !is_binary(cell)) binary = false, not_binary_line = line, not_binary = cell;
    if (numbers && !csv_number(cell)) numbers = false, no_number_line = line, no_number = cell;
  }
};

class Planner {
 public:
  Planner(const CsvFile& file, const TableOptions& options)
      : file_(file), columns_(file.columns()), options_(options), facts_(columns_.size()) {}

  CsvPlan plan() {
    if (options_.kind != "auto") (void)target_kind_named(options_.kind);
    plan_.picture = find_column(columns_, kPictures).value_or(first_named());
    plan_.split = find_column(columns_, kSplit);
    if (plan_.split == plan_.picture) plan_.split.reset();
    choose_group();
    choose_targets();
    file_.for_each_row([&](const std::vector<std::string>& fields, std::size_t line) {
      for (const std::size_t c : plan_.targets) facts_[c].see(fields[c], line);
    });
    plan_.kind = options_.kind == "auto" ? likely_kind() : std::string(target_kind_named(options_.kind).name);
    check_kind();
    return plan_;
  }

 private:
  [[noreturn]] void fail(ErrorKind kind, std::string found, std::string expected, std::string tip = {}) const {
    throw Error(
        kind,
        {.where = file_.shown(), .found = std::move(found), .expected = std::move(expected), .tip = std::move(tip)});
  }

  std::size_t first_named() const {
    const auto named =
        std::find_if(columns_.begin(), columns_.end(), [](const std::string& name) { return !name.empty(); });
    return named == columns_.end() ? 0 : static_cast<std::size_t>(named - columns_.begin());
  }

  void choose_group() {
    plan_.group = options_.group.empty() ? find_column(columns_, kGroup) : known_column(options_.group);
    if (plan_.group != plan_.picture && plan_.group != plan_.split) return;
    if (!options_.group.empty())
      fail(ErrorKind::usage, fmt::format("the column '{}' is needed for something else", options_.group),
           "another column of groups");
    plan_.group.reset();
  }

  std::string column_names() const { return printable(fmt::format("{}", fmt::join(columns_, ", "))); }

  std::size_t known_column(const std::string& name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end())
      fail(ErrorKind::data, fmt::format("no column '{}'{}", name, did_you_mean(name, columns_)),
           "one of " + column_names(), "name the columns as in the first line");
    return static_cast<std::size_t>(found - columns_.begin());
  }

  std::size_t asked_column(const std::string& name) {
    const std::size_t column = known_column(name);
    if (column == plan_.group && options_.group.empty()) plan_.group.reset();
    if (column == plan_.picture)
      fail(ErrorKind::usage, fmt::format("the column '{}' names the pictures", name), "another column as the target");
    if (std::find(plan_.targets.begin(), plan_.targets.end(), column) != plan_.targets.end())
      fail(ErrorKind::usage, fmt::format("the column '{}' is requested twice", name), "each column once");
    return column;
  }

  bool is_free(std::size_t c) const { return c != plan_.picture && c != plan_.split && c != plan_.group; }

  void choose_targets() {
    for (const std::string& name : options_.targets) plan_.targets.push_back(asked_column(name));
    for (const Names names : {Names(kLists), Names(kClasses)}) {
      const auto column = find_column(columns_, names);
      if (plan_.targets.empty() && column && is_free(*column)) plan_.targets.push_back(*column);
    }
    if (plan_.targets.empty()) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (is_free(c) && !is_one_of(columns_[c], kNumbering)) plan_.targets.push_back(c);
      }
    }
    if (plan_.targets.empty() && plan_.group && options_.group.empty()) {
      plan_.targets.push_back(*plan_.group);
      plan_.group.reset();
    }
    if (plan_.targets.empty())
      fail(ErrorKind::data, "no target column; the columns are " + column_names(),
           "a column 'label' or 'labels' next to the pictures, or columns of numbers");
    require_distinct_names();
  }

  void require_distinct_names() const {
    std::vector<std::string> names;
    for (const std::size_t c : plan_.targets) names.push_back(columns_[c]);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) fail(ErrorKind::data, fmt::format("two columns '{}'", printable(*twice)), "unique names");
  }

  bool all(bool ColumnFacts::* fact) const {
    return std::all_of(plan_.targets.begin(), plan_.targets.end(), [&](std::size_t c) { return facts_[c].*fact; });
  }

  std::string likely_kind() const {
    const std::size_t first = plan_.targets.front();
    const bool single = plan_.targets.size() == 1;
    if (single && is_one_of(columns_[first], kLists)) return std::string(kMultiLabelTarget);
    if (single && is_one_of(columns_[first], kClasses)) return std::string(kClassTarget);
    if (all(&ColumnFacts::binary)) return std::string(kMultiLabelTarget);
    if (!single || all(&ColumnFacts::numbers)) return std::string(kRegressionTarget);
    return facts_[first].pipes ? std::string(kMultiLabelTarget) : std::string(kClassTarget);
  }

  void check_kind() {
    const ColumnFacts& first = facts_[plan_.targets.front()];
    const bool single = plan_.targets.size() == 1;
    if (plan_.kind == kClassTarget && !single)
      fail(ErrorKind::usage, fmt::format("{} columns as a class", plan_.targets.size()), "one",
           "name one column, or request multi_label or regression");
    if (plan_.kind == kMultiLabelTarget && single &&
        (!first.binary || is_one_of(columns_[plan_.targets.front()], kLists)))
      plan_.list_separator = first.pipes ? '|' : first.semicolons ? ';' : ' ';
    for (const std::size_t c : plan_.targets) {
      const ColumnFacts& facts = facts_[c];
      if (plan_.kind == kRegressionTarget && !facts.numbers)
        refuse_cell(c, facts.no_number_line, facts.no_number, "a number with a decimal point");
      if (plan_.kind == kMultiLabelTarget && plan_.list_separator == 0 && !facts.binary)
        refuse_cell(c, facts.not_binary_line, facts.not_binary, "0 or 1");
    }
  }

  [[noreturn]] void refuse_cell(std::size_t column, std::size_t line, const std::string& cell,
                                std::string expected) const {
    throw data_error(fmt::format("{}:{}", file_.shown(), line),
                     fmt::format("'{}' in column '{}'", printable(cell.substr(0, 80)), printable(columns_[column])),
                     std::move(expected), "name the target columns, if this is not one");
  }

  const CsvFile& file_;
  const std::vector<std::string>& columns_;
  const TableOptions& options_;
  std::vector<ColumnFacts> facts_;
  CsvPlan plan_;
};

}  // namespace

CsvPlan plan_csv(const CsvFile& file, const TableOptions& options) { return Planner(file, options).plan(); }

}  // namespace enxerto
