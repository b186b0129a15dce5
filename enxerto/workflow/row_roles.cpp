#include "enxerto/workflow/row_roles.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/groups_in_names.h"
#include "enxerto/data/label_sets.h"
#include "enxerto/data/split_units.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/workflow/data_notices.h"

namespace enxerto {
namespace {

/// With what is learned from all examples in the end, four runs of a phase.
constexpr std::size_t kMostFolds = 3;

/// Throws Error{data} for validation examples of one identity: there is nobody to tell it from.
void check_compared(const RowRoles& roles, const ReadRows& rows) {
  const TargetKind& kind = target_kind_named(rows.data.all->info().target.kind);
  if (!kind.is_compared || roles.groups.empty()) return;
  std::set<std::string, std::less<>> groups;
  for (const std::size_t row : roles.validation) groups.insert(roles.groups[row]);
  if (groups.size() < 2)
    throw data_error(
        fmt::format("validation {}", nouns_of(rows.data.all->info().inputs)),
        fmt::format("of {}", counted(groups.size(), kind.noun, kind.nouns)), "at least two, to choose by",
        fmt::format("more {}, a larger validation_split, or validation_split = 0: the last epoch is kept", kind.nouns));
}

/// Takes the share that `options` holds out off `from` and returns it; both stay ascending.
std::vector<std::size_t> split_off(std::vector<std::size_t>& from, const RowRoles& roles, const ReadRows& rows,
                                   const SplitOptions& options) {
  SplitExamples examples;
  std::vector<std::size_t> positions;
  for (const std::size_t row : from) {
    positions.push_back(rows.positions[row]);
    examples.contents.push_back(rows.contents[row]);
    if (!roles.groups.empty()) examples.groups.push_back(roles.groups[row]);
  }
  examples.labels = label_sets(*rows.data.all, positions);
  SplitOptions how = options;
  how.last = rows.data.all->info().in_order;
  const Split split = split_examples(examples, how);
  const std::vector<std::size_t> before = std::exchange(from, {});
  std::vector<std::size_t> held_out;
  for (const std::size_t i : split.kept) from.push_back(before[i]);
  for (const std::size_t i : split.held_out) held_out.push_back(before[i]);
  return held_out;
}

std::string origin_of_split(const RowRoles& roles, const ReadRows& rows, double share) {
  const TargetKind* kind = find_target_kind(rows.data.all->info().target.kind);
  const bool labelled = kind != nullptr && kind->labels != nullptr;
  if (rows.data.all->info().in_order) return fmt::format("the last {:.3g} % of the text", share * 100);
  return fmt::format("{:.3g} %{} held out{}", share * 100,
                     !labelled                  ? ""
                     : kind->stratum != nullptr ? " of each class"
                                                : " of each label",
                     roles.groups.empty() ? "" : ", by groups");
}

/// How many groups the data's own test part shares with what is learned from.
std::size_t shared_with_test(const ExampleGroups& groups, const ReadRows& rows) {
  std::set<std::string_view> learned, shared;
  for (std::size_t row = 0; row < rows.positions.size(); ++row)
    if (rows.positions[row] < rows.data.validation_end) learned.insert(groups.names[row]);
  for (std::size_t row = 0; row < rows.positions.size(); ++row)
    if (rows.positions[row] >= rows.data.validation_end && learned.contains(groups.names[row]))
      shared.insert(groups.names[row]);
  shared.erase("");
  return shared.size();
}

/// Those that are asked for or that the data state, else those that names show, unless the data's own test part shares
/// them: what chooses is then divided as that part was.
ExampleGroups groups_asked(const ReadRows& rows, const std::string& group, Progress& progress) {
  if (group == kNoGroups) return {};
  const std::string pattern = is_group_pattern(group) ? group : "";
  ExampleGroups groups = example_groups(*rows.data.all, rows.positions, pattern);
  // Of one speaker there is nothing to be kept apart.
  if (group.empty() && groups.groups == 1 && groups.alone == 0) return {};
  if (!groups.names.empty() || !group.empty()) return groups;
  std::optional<GroupsInNames> shown = groups_in_names(*rows.data.all, rows.positions);
  if (!shown) return groups;
  if (const std::size_t shared = shared_with_test(shown->groups, rows); shared > 0) {
    progress.notice(
        fmt::format("the names of the files show {}; {} of {} are in the test part and in what is learned from: the "
                    "test metrics hold for these, not for others, and nothing is grouped (data.group says otherwise)",
                    shown->how, shared, shown->groups.groups));
    return groups;
  }
  progress.notice(
      fmt::format("the names of the files show {}: groups, unless data.group says otherwise (data.group = \"{}\": "
                  "there are none)",
                  shown->how, kNoGroups));
  return std::move(shown->groups);
}

}  // namespace

RowRoles assign_roles(const ReadRows& rows, const Recipe& recipe, Progress& progress) {
  RowRoles roles;
  for (std::size_t row = 0; row < rows.positions.size(); ++row) {
    const std::size_t position = rows.positions[row];
    (position < rows.data.train_end        ? roles.train
     : position < rows.data.validation_end ? roles.validation
                                           : roles.test)
        .push_back(row);
  }
  ExampleGroups groups = groups_asked(rows, recipe.data.group, progress);
  notice_groups(groups, rows, progress);
  roles.groups = std::move(groups.names);
  notice_repeated(roles, rows, progress);
  if (rows.data.has_test()) {
    roles.test_origin = !recipe.data.test.empty()       ? recipe.data.test
                        : rows.data.tests_on_validation ? "the data's own validation part, as there is no test part"
                                                        : "the data's own test part";
    roles.test_also_learned = notice_shared(roles, rows, progress);
    notice_contradicting_test(roles, rows, progress);
    notice_few_groups(roles, rows, progress);
    return roles;
  }
  roles.test =
      split_off(roles.train, roles, rows, {.held_out = recipe.data.test_split, .seed = recipe.run.random_seed()});
  roles.test_origin = origin_of_split(roles, rows, recipe.data.test_split);
  notice_few_groups(roles, rows, progress);
  return roles;
}

void hold_back_validation(RowRoles& roles, const ReadRows& rows, const Recipe& recipe) {
  const double share = validation_share(recipe.data.validation_split, roles.train.size());
  if (!roles.validation.empty() || share <= 0) return;
  roles.validation = split_off(roles.train, roles, rows, {.held_out = share, .seed = recipe.run.random_seed() + 1});
  roles.validation_was_cut = true;
}

std::vector<std::vector<std::size_t>> further_folds(const RowRoles& roles, const ReadRows& rows, const Recipe& recipe) {
  std::vector<std::vector<std::size_t>> folds;
  if (!roles.validation_was_cut) return folds;
  const auto wanted = static_cast<double>(roles.validation.size());
  std::vector<std::size_t> left = roles.train;
  try {
    while (folds.size() + 1 < kMostFolds && static_cast<double>(left.size()) > 0.75 * wanted) {
      if (static_cast<double>(left.size()) < 1.5 * wanted) {
        folds.push_back(std::exchange(left, {}));
        continue;
      }
      const SplitOptions part{.held_out = wanted / static_cast<double>(left.size()),
                              .seed = recipe.run.random_seed() + 1};
      folds.push_back(split_off(left, roles, rows, part));
    }
  } catch (const Error& error) {  // one group is left, or one of each class
    if (error.kind() != ErrorKind::data) throw;
  }
  return folds;
}

std::vector<std::size_t> held_together(const RowRoles& roles, const ReadRows& rows, const ExampleWindows& windows) {
  const SplitExamples examples{.contents = {rows.contents.begin(), rows.contents.end()}, .groups = roles.groups};
  const std::vector<SplitUnit> units = split_units(examples, 0);
  if (units.size() == rows.positions.size() && !windows.divides()) return {};
  std::vector<std::size_t> numbers(windows.rows()->size());
  for (std::size_t unit = 0; unit < units.size(); ++unit)
    for (const std::size_t member : units[unit].members) {
      const std::size_t example = rows.positions[member];
      std::fill_n(numbers.begin() + static_cast<std::ptrdiff_t>(windows.first_row(example)),
                  windows.windows_of(example), unit);
    }
  return numbers;
}

void check_validation(const RowRoles& roles, const ReadRows& rows) {
  check_compared(roles, rows);
  std::vector<std::int64_t> classes;
  for (const std::size_t row : roles.validation) {
    classes.push_back(stratum_of(*rows.data.all, rows.positions[row]));
    if (classes.back() < 0) return;
  }
  check_validation_labels(classes, rows.data.all->info().target.names,
                          fmt::format("validation {}", nouns_of(rows.data.all->info().inputs)));
}

double validation_share(double validation_split, std::size_t examples) {
  if (validation_split >= 0 || examples == 0) return std::max(0.0, validation_split);
  const auto n = static_cast<double>(examples);
  const double large = std::min(0.2 * n, std::max(1000.0, 0.1 * n));
  return std::max(large, std::min(50.0, n / 3)) / n;
}

}  // namespace enxerto
