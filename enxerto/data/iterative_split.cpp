#include "enxerto/data/iterative_split.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace enxerto {
namespace {

using Count = std::int64_t;
using LabelCount = std::pair<std::uint32_t, Count>;  // a label, and how many examples of a unit have it
enum Side : std::size_t { kKept, kHeld };

/// How much of something each side still lacks.
struct Lack {
  Count total = 0, units = 0;
  std::array<Count, 2> wanted = {}, units_on = {};
  std::vector<std::size_t> of;  // the units

  void share(double held_out) {
    const auto held = units < 2 ? 0 : static_cast<Count>(share_of(held_out, static_cast<std::size_t>(total)));
    wanted = {total - held, held};
  }

  void give(Side side, Count count) {
    wanted[side] -= count;
    ++units_on[side];
    --units;
    total -= count;
  }

  /// The side that must have the last unit, so that both have one; else how much more the held-out side lacks.
  Count pull_to_held() const {
    constexpr Count kMust = std::int64_t{1} << 62;
    const bool last = units == 1 && units_on[kKept] + units_on[kHeld] > 0;
    if (last && units_on[kHeld] == 0) return kMust;
    if (last && units_on[kKept] == 0) return -kMust;
    return wanted[kHeld] - wanted[kKept];
  }
};

class Dealer {
 public:
  Dealer(std::span<const SplitUnit> units, const LabelSets& labels, double share)
      : units_(units), held_(units.size()), dealt_(units.size()) {
    std::uint32_t names = 0;
    for (const SplitUnit& unit : units) {
      std::map<std::uint32_t, Count> counts;
      for (const std::size_t member : unit.members) {
        for (const std::uint32_t label : labels.of(member)) ++counts[label];
      }
      if (!counts.empty()) names = std::max(names, counts.rbegin()->first + 1);
      counts_.emplace_back(counts.begin(), counts.end());
    }
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (counts_[u].empty()) counts_[u].emplace_back(names, size(u));
    }
    lacks_.resize(names + 1);
    count();
    all_.share(share);
    for (std::uint32_t label = 0; label <= names; ++label) {
      lacks_[label].share(share);
      if (lacks_[label].units > 0) rarest_.insert({lacks_[label].total, label});
    }
  }

  std::vector<bool> deal() {
    while (!rarest_.empty()) {
      const std::uint32_t label = rarest_.begin()->second;
      for (const std::size_t unit : lacks_[label].of) {
        if (!dealt_[unit]) deal(unit, lacks_[label].pull_to_held());
      }
    }
    return std::move(held_);
  }

 private:
  Count size(std::size_t unit) const { return static_cast<Count>(units_[unit].members.size()); }

  void count() {
    std::vector<std::size_t> order(units_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t unit) { return size(unit); });
    for (const std::size_t unit : order) {
      add(all_, unit, size(unit));
      for (const auto& [label, count] : counts_[unit]) add(lacks_[label], unit, count);
    }
  }

  static void add(Lack& lack, std::size_t unit, Count count) {
    lack.total += count;
    ++lack.units;
    lack.of.push_back(unit);
  }

  void deal(std::size_t unit, Count pull) {
    if (pull == 0) pull = all_.pull_to_held();
    const Side side = pull > 0 ? kHeld : kKept;
    held_[unit] = side == kHeld;
    dealt_[unit] = true;
    all_.give(side, size(unit));
    for (const auto& [label, count] : counts_[unit]) {
      Lack& lack = lacks_[label];
      rarest_.erase({lack.total, label});
      lack.give(side, count);
      if (lack.units > 0) rarest_.insert({lack.total, label});
    }
  }

  std::span<const SplitUnit> units_;
  std::vector<std::vector<LabelCount>> counts_;  // of each unit
  Lack all_;
  std::vector<Lack> lacks_;                           // of each label
  std::set<std::pair<Count, std::uint32_t>> rarest_;  // labels of which units are left, by how many examples
  std::vector<bool> held_, dealt_;
};

}  // namespace

std::vector<bool> iterative_split(std::span<const SplitUnit> units, const LabelSets& labels, double share) {
  return Dealer(units, labels, share).deal();
}

}  // namespace enxerto
