#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace enxerto {

/// How often each run of words or characters is in a text.
using NgramCounts = std::unordered_map<std::string, std::uint64_t>;

/// Runs of `order` words, with a space between them.
inline NgramCounts word_ngrams(const std::vector<std::string_view>& words, std::size_t order) {
  NgramCounts counts;
  for (std::size_t i = 0; i + order <= words.size(); ++i) {
    std::string run(words[i]);
    for (std::size_t j = 1; j < order; ++j) run.append(" ").append(words[i + j]);
    ++counts[run];
  }
  return counts;
}

/// How many runs both have, each as often as the one that has it less.
inline std::uint64_t common_ngrams(const NgramCounts& one, const NgramCounts& other) {
  std::uint64_t common = 0;
  for (const auto& [run, count] : one) {
    const auto found = other.find(run);
    if (found != other.end()) common += std::min(count, found->second);
  }
  return common;
}

inline std::uint64_t number_of(const NgramCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [run, count] : counts) sum += count;
  return sum;
}

}  // namespace enxerto
