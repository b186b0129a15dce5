#include "enxerto/training/batch_source.h"

#include <algorithm>

namespace enxerto {

std::vector<std::size_t> lengths_of(const BatchSource& source) {
  std::vector<std::size_t> lengths(source.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = source.length(i);
  if (std::ranges::all_of(lengths, [](std::size_t length) { return length == 0; })) lengths.clear();
  return lengths;
}

}  // namespace enxerto
