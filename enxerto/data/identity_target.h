#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The kind of target that says whose an example is, where those of other data are others: there are no names. int64
/// (1 + pairs, 3): the identity's number, -1 where it is not known, and two zeros; then for each pair of a list that
/// the example is in the pair's number, whether both are the same, 0 or 1, and its fold, or -1.
inline constexpr std::string_view kIdentityTarget = "identities";

/// A pair of a list that an example is in.
struct PairEntry {
  std::int64_t pair = 0;
  bool same = false;
  std::int64_t fold = -1;
};

/// The number of the identity of that name, the same in any data.
std::int64_t identity_number(std::string_view name);

Tensor identity_target(std::int64_t identity, std::span<const PairEntry> pairs = {});

/// The identity of a target of this kind, or of the kind "classes"; -1 where it is not known.
std::int64_t identity_of_target(const Tensor& target);

}  // namespace enxerto
