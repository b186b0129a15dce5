#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// How much texts repeat themselves.
struct Repetition {
  /// Different runs of 1 to 4 tokens over all of them (distinct-n: Li et al. 2016, arXiv:1510.03055), 0 to 1.
  double distinct[4] = {1, 1, 1, 1};
  /// Share of the runs of 4 tokens that the same text has had before.
  double repeated_4grams = 0;
};

Repetition repetition_of(std::span<const std::vector<std::int64_t>> texts);

/// The longest part of a text that stands in another one too.
struct LongestCopy {
  std::string text;          ///< whole characters
  std::size_t begin = 0;     ///< in the text, bytes
  std::size_t begin_in = 0;  ///< in the other one
};

/// Time grows as the lengths of both (by a suffix automaton of `text`: Blumer et al. 1985).
LongestCopy longest_copy(std::string_view text, std::string_view other);

}  // namespace enxerto
