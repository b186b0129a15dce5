#include "enxerto/data/duplicates.h"

#include <algorithm>

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

}  // namespace enxerto
