#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/words.h"

namespace enxerto {

/// What becomes of examples that cannot be read: the run goes on without them as long as they are few (5 % of all),
/// ends at the first, or goes on without them however many they are.
enum class OnBad { few, error, skip };
template <>
inline constexpr std::array<std::string_view, 3> kWords<OnBad>{"few", "error", "skip"};

/// An example that was left out because it could not be read.
struct BadExample {
  std::string id, reason;
};

/// Throws Error{data} naming the first of `bad`, which are all of `count` examples that cannot be read, where they are
/// more than `on_bad` leaves out. `nouns`: what messages call examples.
void require_few(std::span<const BadExample> bad, std::size_t count, OnBad on_bad, std::string_view nouns);

}  // namespace enxerto
