#pragma once
#include <concepts>
#include <cstddef>

namespace enxerto {

/// A number that is known not to be negative, as an index or a length of memory.
template <std::integral T>
constexpr std::size_t to_size(T value) {
  return static_cast<std::size_t>(value);
}

}  // namespace enxerto
