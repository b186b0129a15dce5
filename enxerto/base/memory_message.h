#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace enxerto {

/// Whether a library's message says that memory or address space is short: the loader's, the C++ library's, the
/// system's.
inline bool says_memory_is_short(std::string_view message) {
  constexpr std::array<std::string_view, 6> kPhrases{"failed to map segment", "bad_alloc",
                                                     "annot allocate memory", "out of memory",
                                                     "can't alloc",           "Resource temporarily unavailable"};
  return std::ranges::any_of(kPhrases,
                             [&](std::string_view phrase) { return message.find(phrase) != std::string_view::npos; });
}

}  // namespace enxerto
