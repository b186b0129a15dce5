#pragma once
#include <cstddef>
#include <memory>

namespace enxerto {

/// Memory that is not set to anything, at a multiple of 64 bytes as engines like it.
std::shared_ptr<std::byte> aligned_bytes(std::size_t count);

}  // namespace enxerto
