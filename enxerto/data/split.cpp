#include "enxerto/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "enxerto/base/error.h"
#include "enxerto/data/iterative_split.h"
#include "enxerto/data/split_units.h"

namespace enxerto {
namespace {

void check(const SplitExamples& examples, double share) {
  if (!(share >= 0 && share < 1))
    throw usage_error("share held out", fmt::format("is {}", share), "at least 0 and below 1");
  const std::size_t count = examples.contents.size();
  if (examples.labels.size() != count || (!examples.groups.empty() && examples.groups.size() != count))
    throw data_error(
        "split",
        fmt::format("{} labels and {} groups for {} contents", examples.labels.size(), examples.groups.size(), count),
        "one each per content");
}

/// The lowest class of a unit; -1 where it has none.
std::int64_t class_of(const SplitUnit& unit, const LabelSets& labels) {
  std::int64_t lowest = -1;
  for (const std::size_t member : unit.members) {
    for (const std::uint32_t label : labels.of(member))
      lowest = lowest < 0 ? label : std::min<std::int64_t>(lowest, label);
  }
  return lowest;
}

/// The units with the lowest draws of each class: `units` are in the order of their draws.
std::vector<bool> lowest_of_each_class(const std::vector<SplitUnit>& units, const LabelSets& labels, double share) {
  std::map<std::int64_t, std::vector<std::size_t>> classes;
  for (std::size_t u = 0; u < units.size(); ++u) classes[class_of(units[u], labels)].push_back(u);
  std::vector<bool> held(units.size());
  for (const auto& [name, of_class] : classes) {
    const std::size_t count = share_of(share, of_class.size());
    for (std::size_t i = 0; i < count; ++i) held[of_class[i]] = true;
  }
  return held;
}

[[noreturn]] void refuse(const SplitExamples& examples, std::size_t units) {
  if (!examples.groups.empty())
    throw data_error("split", fmt::format("{} groups, of which none can be held out", units),
                     "at least two groups of one class",
                     "other groups, none at all (data.group = \"none\"), or a separate test set");
  throw data_error("split", "no class has two different examples", "at least one class with an example for each part",
                   "add examples, or give a separate test set");
}

}  // namespace

Split split_examples(const SplitExamples& examples, const SplitOptions& options) {
  check(examples, options.held_out);
  std::vector<SplitUnit> units = split_units(examples, options.seed);
  if (options.last)
    std::ranges::sort(units, std::ranges::greater(), [](const SplitUnit& unit) { return unit.members.back(); });
  std::vector<bool> held(units.size());
  if (options.held_out > 0) {
    const bool iterative = !examples.groups.empty() || !examples.labels.at_most_one_each();
    held = iterative ? iterative_split(units, examples.labels, options.held_out)
                     : lowest_of_each_class(units, examples.labels, options.held_out);
    if (std::ranges::find(held, true) == held.end()) refuse(examples, units.size());
  }
  Split split;
  for (std::size_t u = 0; u < units.size(); ++u) {
    std::vector<std::size_t>& part = held[u] ? split.held_out : split.kept;
    part.insert(part.end(), units[u].members.begin(), units[u].members.end());
  }
  std::ranges::sort(split.kept);
  std::ranges::sort(split.held_out);
  return split;
}

}  // namespace enxerto
