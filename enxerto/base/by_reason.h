#pragma once
#include <string>
#include <utility>
#include <vector>

namespace enxerto {

/// What several things have in common: "an empty file; expected a header", of these.
struct Reason {
  std::string text;
  std::vector<std::string> names;
};

/// Pairs of a name and why, "NAME: why" or "why" alone, by what is said of them, the most frequent first.
std::vector<Reason> by_reason(const std::vector<std::pair<std::string, std::string>>& named);

}  // namespace enxerto
