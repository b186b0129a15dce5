#pragma once
#include <span>
#include <string_view>

namespace enxerto {

/// A letter and what it is made of when accents stand for themselves (Unicode, canonical decomposition).
struct Decomposition {
  char16_t letter;
  std::u16string_view parts;
};

/// Of letters below U+2000 and of Japanese ones, in the order of the letters.
std::span<const Decomposition> decompositions();

}  // namespace enxerto
