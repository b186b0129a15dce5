#pragma once
#include <cstddef>
#include <cstdint>

namespace enxerto {

/// Bytes that copies of strided tensors may take for a file of this size. Views that share a storage may add up to more
/// than it; a file of a few kilobytes that expands to gigabytes is not a weight file.
inline std::uint64_t copy_limit(std::size_t file_bytes) {
  constexpr std::uint64_t kAllowance = std::uint64_t{256} << 20;
  return 4 * std::uint64_t{file_bytes} + kAllowance;
}

}  // namespace enxerto
