#include "enxerto/heads/grouped_folds.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Rows that stay together, and how many of each class there are among them: of the classes that it has only.
struct FoldUnit {
  std::vector<std::size_t> rows;
  std::map<std::size_t, std::size_t> of_class;
  int fold = -1;
};

std::vector<FoldUnit> units_by_size(std::span<const std::int64_t> labels, std::span<const std::size_t> groups,
                                    std::uint64_t seed) {
  std::unordered_map<std::size_t, std::size_t> unit_of;
  std::vector<FoldUnit> units;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const auto [known, is_new] = unit_of.emplace(groups[r], units.size());
    if (is_new) units.emplace_back();
    units[known->second].rows.push_back(r);
    ++units[known->second].of_class[to_size(labels[r])];
  }
  Rng rng({.seed = seed, .epoch = 0, .example = 0, .purpose = "folds of groups"});
  for (std::size_t i = units.size(); i > 1; --i) std::swap(units[i - 1], units[rng.below(i)]);
  std::ranges::stable_sort(units, std::ranges::greater{}, [](const FoldUnit& unit) { return unit.rows.size(); });
  return units;
}

/// Folds that there are groups enough for; 0 where no class has two.
int fold_count(const std::vector<FoldUnit>& units, std::size_t classes, int wanted) {
  std::vector<std::size_t> with(classes);
  for (const FoldUnit& unit : units)
    for (const auto& [label, rows] : unit.of_class) ++with[label];
  std::size_t fewest = 0;
  for (const std::size_t count : with)
    if (count > 1) fewest = fewest == 0 ? count : std::min(fewest, count);
  return static_cast<int>(std::min(fewest, to_size(std::max(wanted, 2))));
}

/// Each unit to the fold where the squared shares of the classes grow least, the emptiest of equal ones.
void deal_out(std::vector<FoldUnit>& units, std::size_t classes, int count) {
  std::vector<double> all(classes);
  for (const FoldUnit& unit : units)
    for (const auto& [label, rows] : unit.of_class) all[label] += static_cast<double>(rows);
  std::vector<std::vector<double>> shares(to_size(count), std::vector<double>(classes));
  std::vector<std::size_t> filled(shares.size());
  for (FoldUnit& unit : units) {
    std::pair best{std::numeric_limits<double>::infinity(), std::numeric_limits<std::size_t>::max()};
    for (std::size_t fold = 0; fold < shares.size(); ++fold) {
      double growth = 0;
      for (const auto& [label, rows] : unit.of_class) {
        const double share = static_cast<double>(rows) / all[label];
        growth += share * (2 * shares[fold][label] + share);
      }
      if (const std::pair here{growth, filled[fold]}; here < best) {
        best = here;
        unit.fold = static_cast<int>(fold);
      }
    }
    for (const auto& [label, rows] : unit.of_class)
      shares[to_size(unit.fold)][label] += static_cast<double>(rows) / all[label];
    filled[to_size(unit.fold)] += unit.rows.size();
  }
}

/// Where one fold has all groups of a class, the largest of these is always learned from.
void keep_every_class(std::vector<FoldUnit>& units, std::size_t classes) {
  for (std::size_t label = 0; label < classes; ++label) {
    FoldUnit* largest = nullptr;
    bool one_fold = true;
    for (FoldUnit& unit : units) {
      const auto mine = unit.of_class.find(label);
      if (mine == unit.of_class.end()) continue;
      one_fold = one_fold && unit.fold >= 0 && (largest == nullptr || unit.fold == largest->fold);
      if (largest == nullptr || mine->second > largest->of_class.at(label)) largest = &unit;
    }
    if (largest != nullptr && one_fold) largest->fold = -1;
  }
}

}  // namespace

Folds grouped_folds(std::span<const std::int64_t> labels, std::size_t classes, std::span<const std::size_t> groups,
                    int wanted, std::uint64_t seed) {
  if (groups.empty()) return stratified_folds(labels, classes, wanted, seed);
  std::vector<FoldUnit> units = units_by_size(labels, groups, seed);
  Folds folds{0, std::vector<int>(labels.size(), -1)};
  const int count = fold_count(units, classes, wanted);
  if (count == 0) return folds;
  deal_out(units, classes, count);
  keep_every_class(units, classes);
  std::map<int, int> numbers;  // of folds that have rows
  for (const FoldUnit& unit : units) {
    if (unit.fold < 0) continue;
    const int number = numbers.emplace(unit.fold, static_cast<int>(numbers.size())).first->second;
    for (const std::size_t row : unit.rows) folds.of_row[row] = number;
  }
  folds.count = static_cast<int>(numbers.size());
  return folds;
}

}  // namespace enxerto
