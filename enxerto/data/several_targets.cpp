#include "enxerto/data/several_targets.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {
namespace {

/// No cell is a number, or meant as one.
bool holds_words(const ColumnFacts& facts) {
  return !facts.decimal_commas && !facts.not_finite &&
         std::ranges::all_of(facts.different, [](const std::string& cell) {
           const unsigned char first = cell.empty() ? '0' : static_cast<unsigned char>(cell.front());
           return first >= 0x80 || std::isalpha(first) != 0;
         });
}

}  // namespace

void require_alike_targets(const std::string& shown, std::span<const std::string> columns,
                           std::span<const ColumnFacts> facts, std::span<const std::size_t> targets) {
  // Numbers beside words are mostly sizes and dates.
  const auto words = std::ranges::find_if(targets, [&](std::size_t c) { return holds_words(facts[c]); });
  const bool marks = std::ranges::all_of(targets, [&](std::size_t c) { return facts[c].marks(); });
  if (targets.size() < 2 || marks || words == targets.end()) return;
  // Words of which there are many are names and texts.
  const auto few = std::ranges::find_if(targets, [&](std::size_t c) {
    return holds_words(facts[c]) && facts[c].different.size() < ColumnFacts::kDifferent;
  });
  const std::string example = few == targets.end() ? "" : fmt::format(", such as {}", printable(columns[*few]));
  std::vector<std::string> said;
  for (const std::size_t c : targets)
    said.push_back(fmt::format("{} ({})", printable(columns[c]), facts[c].numbers ? "numbers" : "classes"));
  throw data_error(shown, fmt::format("several columns that could be learned: {}", few_names(said)),
                   "a column called label, or the name of the one that is meant",
                   fmt::format("name the one that is meant (data.targets){}", example));
}

}  // namespace enxerto
