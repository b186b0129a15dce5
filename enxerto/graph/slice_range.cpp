#include "enxerto/graph/slice_range.h"

#include <algorithm>

namespace enxerto {
namespace {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): has no __extension__

/// The bound counted from the front and moved into [least, most].
std::int64_t placed(std::int64_t bound, std::int64_t size, std::int64_t least, std::int64_t most) {
  const Wide from_front = bound < 0 ? Wide{bound} + size : Wide{bound};
  return static_cast<std::int64_t>(std::clamp<Wide>(from_front, least, most));
}

}  // namespace

SliceRange slice_range(const SliceBounds& bounds, std::int64_t size) {
  if (size == 0) return {.begin = 0, .count = 0, .step = bounds.step};
  const bool forward = bounds.step > 0;
  const std::int64_t begin = forward ? placed(bounds.start, size, 0, size) : placed(bounds.start, size, 0, size - 1);
  const std::int64_t end = forward ? placed(bounds.end, size, 0, size) : placed(bounds.end, size, -1, size - 1);
  const Wide way = forward ? Wide{end} - begin : Wide{begin} - end;
  const Wide step = forward ? Wide{bounds.step} : -Wide{bounds.step};
  return {
      .begin = begin, .count = way <= 0 ? 0 : static_cast<std::int64_t>((way + step - 1) / step), .step = bounds.step};
}

}  // namespace enxerto
