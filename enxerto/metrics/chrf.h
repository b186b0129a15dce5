#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

inline constexpr std::size_t kChrfCharacters = 6;  ///< longest runs of characters
inline constexpr std::size_t kChrfWords = 2;       ///< longest runs of words that chrF++ has

/// Runs of one length: how many were said, how many the reference has, and how many both.
struct RunCounts {
  std::uint64_t said = 0, right = 0, both = 0;
};

/// Of runs of 1 to 6 characters, then of 1 and 2 words, of a text or the sum over many.
struct ChrfCounts {
  std::array<RunCounts, kChrfCharacters + kChrfWords> runs = {};
  ChrfCounts& add(const ChrfCounts& other, std::uint64_t times = 1);
};

/// Of one text against the best of its references, at least one. `words`: 0 for chrF, 2 for chrF++; longer runs of
/// words are not counted.
ChrfCounts chrf_counts(std::string_view said, std::span<const std::string_view> references, std::size_t words = 0);

/// chrF2 (Popović 2015, 2017), 0 to 100, as sacrebleu computes it: precision and recall are means over the lengths of
/// which both texts have runs, then their F with beta 2.
double chrf(const ChrfCounts& counts);

/// "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0".
std::string chrf_signature(std::size_t words = 0, std::size_t references = 1);

}  // namespace enxerto
