#include "enxerto/base/by_reason.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>

namespace enxerto {

std::vector<Reason> by_reason(const std::vector<std::pair<std::string, std::string>>& named) {
  std::vector<Reason> reasons;
  std::map<std::string, std::size_t, std::less<>> places;
  for (const auto& [name, why] : named) {
    std::string text = why.starts_with(name + ": ") ? why.substr(name.size() + 2) : why;
    const auto [place, is_new] = places.emplace(text, reasons.size());
    if (is_new) reasons.push_back({.text = std::move(text), .names = {}});
    reasons[place->second].names.push_back(name);
  }
  std::ranges::stable_sort(reasons, std::ranges::greater(), [](const Reason& one) { return one.names.size(); });
  return reasons;
}

}  // namespace enxerto
