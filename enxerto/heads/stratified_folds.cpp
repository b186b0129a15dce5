#include "enxerto/heads/stratified_folds.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// The rows of each class, shuffled.
std::vector<std::vector<std::size_t>> shuffled_by_class(std::span<const std::int64_t> labels, std::size_t classes,
                                                        std::uint64_t seed, std::string_view purpose) {
  std::vector<std::vector<std::size_t>> members(classes);
  for (std::size_t r = 0; r < labels.size(); ++r) members[to_size(labels[r])].push_back(r);
  for (std::size_t k = 0; k < classes; ++k) {
    Rng rng({.seed = seed, .epoch = 0, .example = k, .purpose = purpose});
    for (std::size_t i = members[k].size(); i > 1; --i) std::swap(members[k][i - 1], members[k][rng.below(i)]);
  }
  return members;
}

}  // namespace

Folds stratified_folds(std::span<const std::int64_t> labels, std::size_t classes, int wanted, std::uint64_t seed) {
  const auto members = shuffled_by_class(labels, classes, seed, "folds");
  std::size_t smallest = 0;
  for (const auto& rows : members)
    if (rows.size() > 1) smallest = smallest == 0 ? rows.size() : std::min(smallest, rows.size());
  Folds folds{0, std::vector<int>(labels.size(), -1)};
  if (smallest == 0) return folds;
  folds.count = static_cast<int>(std::min<std::size_t>(smallest, to_size(std::max(wanted, 2))));
  int next = 0;
  for (const auto& rows : members) {
    if (rows.size() < 2) continue;
    for (const std::size_t row : rows) {
      folds.of_row[row] = next;
      next = (next + 1) % folds.count;
    }
  }
  return folds;
}

std::vector<std::size_t> stratified_sample(std::span<const std::int64_t> labels, std::size_t classes, std::size_t most,
                                           std::uint64_t seed) {
  std::vector<std::size_t> chosen;
  if (labels.size() <= most) {
    chosen.resize(labels.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    return chosen;
  }
  const double share = static_cast<double>(most) / static_cast<double>(labels.size());
  for (const auto& rows : shuffled_by_class(labels, classes, seed, "sample")) {
    const auto fair = static_cast<std::size_t>(share * static_cast<double>(rows.size()));
    const std::size_t taken = std::max(fair, std::min<std::size_t>(2, rows.size()));
    chosen.insert(chosen.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace enxerto
