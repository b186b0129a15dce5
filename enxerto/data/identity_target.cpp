#include "enxerto/data/identity_target.h"

#include <limits>

#include "enxerto/base/hash.h"
#include "enxerto/data/name_form.h"

namespace enxerto {

std::int64_t identity_number(std::string_view name) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;  // sums of two stay numbers
  return static_cast<std::int64_t>(hash128(std::string_view(canonical_form(name))).high & kMost);
}

Tensor identity_target(std::int64_t identity, std::span<const PairEntry> pairs) {
  std::vector<std::int64_t> rows{identity, 0, 0};
  for (const PairEntry& entry : pairs) rows.insert(rows.end(), {entry.pair, entry.same ? 1 : 0, entry.fold});
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(pairs.size() + 1), 3},
                                  std::span<const std::int64_t>(rows));
}

std::int64_t identity_of_target(const Tensor& target) {
  return target.size() == 0 ? -1 : target.as<std::int64_t>().front();
}

}  // namespace enxerto
