#pragma once
#include <cstddef>
#include <memory>

namespace enxerto {

/// Memory for `count` floats, not set to anything, at a multiple of 64 bytes as engines like it.
std::shared_ptr<float[]> aligned_floats(std::size_t count);

}  // namespace enxerto
