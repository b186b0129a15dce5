#pragma once
#include <algorithm>
#include <cstddef>

#include "enxerto/base/to_size.h"

namespace enxerto {

/// Rows `begin` to `end`: what one worker has to do.
struct RowRange {
  std::size_t begin = 0, end = 0;
};

/// The fixed partition of `count` rows over `workers`, so that sums are taken in the same order at every run.
inline RowRange range_of(std::size_t count, int workers, int worker) {
  const auto all = to_size(workers), one = to_size(worker);
  const std::size_t share = count / all, rest = count % all;
  const std::size_t begin = one * share + std::min(one, rest);
  return {begin, begin + share + (one < rest ? 1 : 0)};
}

/// At most `threads`, and no more than pay for their start.
inline int workers_for(std::size_t count, int threads) {
  constexpr std::size_t kLeastRows = 64;
  return static_cast<int>(std::clamp<std::size_t>(count / kLeastRows, 1, to_size(threads)));
}

}  // namespace enxerto
