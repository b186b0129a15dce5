#include "enxerto/data/duplicates.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace enxerto {

std::vector<std::size_t> duplicates_across(std::span<const Hash128> contents, std::span<const Hash128> others) {
  std::vector<Hash128> sorted(contents.begin(), contents.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i] == Hash128{}) continue;
    if (std::binary_search(sorted.begin(), sorted.end(), others[i])) positions.push_back(i);
  }
  return positions;
}

RepeatedContents repeated_contents(std::span<const Hash128> contents,
                                   const std::function<bool(std::size_t, std::size_t)>& same_answer) {
  std::vector<std::size_t> order(contents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return contents[i]; });
  RepeatedContents found;
  const auto note = [](RepeatedContents::Kind& kind, std::size_t first, std::size_t second) {
    if (kind.count++ == 0 || second < kind.second) kind.first = first, kind.second = second;
  };
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const Hash128& content = contents[order[begin]];
    while (end < order.size() && contents[order[end]] == content) ++end;
    if (content == Hash128{}) continue;
    bool conflict = false;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (same_answer(order[begin], order[i]))
        note(found.copies, order[begin], order[i]);
      else if (!std::exchange(conflict, true))
        note(found.conflicts, order[begin], order[i]);
    }
  }
  return found;
}

}  // namespace enxerto
