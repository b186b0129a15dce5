#include "enxerto/base/few_names.h"

#include <cstddef>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 5;

}  // namespace

std::string few_names(std::span<const std::string> names) {
  if (names.size() <= kNamed + 1) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.first(kNamed), ", "), names.size() - kNamed);
}

}  // namespace enxerto
