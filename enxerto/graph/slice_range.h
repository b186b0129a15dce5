#pragma once
#include <cstdint>

namespace enxerto {

/// What a slice of one axis takes: `count` elements from `begin` on, `step` apart.
struct SliceRange {
  std::int64_t begin = 0, count = 0, step = 1;
};

/// What a slice asks for: from `start` to before `end`; `step` is not 0.
struct SliceBounds {
  std::int64_t start = 0, end = 0, step = 1;
};

/// The slice of an axis of `size` elements as ONNX's Slice cuts it: negative bounds count from the end, bounds outside
/// are moved to the border.
SliceRange slice_range(const SliceBounds& bounds, std::int64_t size);

}  // namespace enxerto
