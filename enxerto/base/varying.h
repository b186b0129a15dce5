#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "enxerto/base/input_spec.h"

namespace enxerto {

/// The longest of the dimensions of `shape` that vary from example to example; 0 where none does.
inline std::int64_t longest_varying(const InputSpec& spec, const Shape& shape) {
  std::int64_t longest = 0;
  for (std::size_t d = 0; d < spec.shape.size() && d < shape.size(); ++d)
    if (spec.shape[d] < 0) longest = std::max<std::int64_t>(longest, shape[d]);
  return longest;
}

}  // namespace enxerto
