#include "enxerto/data/split_units.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace enxerto {
namespace {

/// Sets that are joined (Tarjan 1975).
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t size) : above_(size) { std::iota(above_.begin(), above_.end(), std::size_t{0}); }

  std::size_t find(std::size_t one) {
    while (above_[one] != one) one = above_[one] = above_[above_[one]];
    return one;
  }

  void join(std::size_t one, std::size_t other) {
    const std::size_t low = find(one), high = find(other);
    above_[std::max(low, high)] = std::min(low, high);
  }

 private:
  std::vector<std::size_t> above_;
};

Hash128 drawn(std::uint64_t seed, const Hash128& content) {
  return Hash128Stream().add(std::string_view("split")).add(seed).add(content).value();
}

Hash128 drawn(std::uint64_t seed, std::string_view group) {
  return Hash128Stream().add(std::string_view("split of groups")).add(seed).add(group).value();
}

std::vector<SplitUnit> units_of_contents(const SplitExamples& examples, std::uint64_t seed) {
  std::vector<std::size_t> order(examples.contents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return examples.contents[i]; });
  std::vector<SplitUnit> units;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Hash128& content = examples.contents[order[i]];
    if (i == 0 || examples.contents[order[i - 1]] != content) units.push_back({.draw = drawn(seed, content)});
    units.back().members.push_back(order[i]);
  }
  return units;
}

/// A group is drawn by its name, so that pictures that are added to it do not move it.
std::vector<SplitUnit> joined_by_groups(std::vector<SplitUnit> units, const SplitExamples& examples,
                                        std::uint64_t seed) {
  DisjointSets sets(units.size());
  std::unordered_map<std::string_view, std::size_t> first_of;
  std::vector<std::optional<Hash128>> draws(units.size());
  for (std::size_t u = 0; u < units.size(); ++u) {
    for (const std::size_t member : units[u].members) {
      const std::string_view group = examples.groups[member];
      if (group.empty()) continue;
      sets.join(u, first_of.emplace(group, u).first->second);
      const Hash128 draw = drawn(seed, group);
      draws[u] = draws[u] ? std::min(*draws[u], draw) : draw;
    }
  }
  std::vector<SplitUnit> joined(units.size());
  for (std::size_t u = 0; u < units.size(); ++u) {
    SplitUnit& unit = joined[sets.find(u)];
    const Hash128 draw = draws[u].value_or(units[u].draw);
    unit.draw = unit.members.empty() ? draw : std::min(unit.draw, draw);
    unit.members.insert(unit.members.end(), units[u].members.begin(), units[u].members.end());
  }
  std::erase_if(joined, [](const SplitUnit& unit) { return unit.members.empty(); });
  for (SplitUnit& unit : joined) std::ranges::sort(unit.members);
  return joined;
}

}  // namespace

std::vector<SplitUnit> split_units(const SplitExamples& examples, std::uint64_t seed) {
  std::vector<SplitUnit> units = units_of_contents(examples, seed);
  if (!examples.groups.empty()) units = joined_by_groups(std::move(units), examples, seed);
  std::ranges::sort(units, {}, &SplitUnit::draw);
  return units;
}

std::size_t share_of(double share, std::size_t n) {
  if (share <= 0 || n < 2) return 0;
  const double wanted = share * static_cast<double>(n);
  const double nearest = std::round(wanted);
  const double whole = std::abs(wanted - nearest) < 1e-9 * static_cast<double>(n) ? nearest : std::ceil(wanted);
  return std::clamp<std::size_t>(static_cast<std::size_t>(whole), 1, n - 1);
}

}  // namespace enxerto
