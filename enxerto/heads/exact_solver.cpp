#include "enxerto/heads/exact_solver.h"

#include <fmt/format.h>

#include <algorithm>

namespace enxerto {

std::string words_of_l2(const std::vector<double>& l2) {
  if (l2.empty()) return "";
  const auto [low, high] = std::ranges::minmax(l2);
  return low == high ? fmt::format("{:g}", low) : fmt::format("{:g} to {:g}", low, high);
}

}  // namespace enxerto
