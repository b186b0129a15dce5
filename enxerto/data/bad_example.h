#pragma once
#include <array>
#include <string>
#include <string_view>

#include "enxerto/base/words.h"

namespace enxerto {

/// What becomes of an example that cannot be read: the run ends, or goes on without it.
enum class OnBad { error, skip };
template <>
inline constexpr std::array<std::string_view, 2> kWords<OnBad>{"error", "skip"};

/// An example that was left out because it could not be read.
struct BadExample {
  std::string id, reason;
};

}  // namespace enxerto
