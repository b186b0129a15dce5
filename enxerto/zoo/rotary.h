#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// Positions as angles (Su et al. 2021, arXiv:2104.09864): values (batch, 1, tokens, width), each half of the width
/// alike.
struct Rotary {
  std::string cosine, sine;
  std::int64_t width = 0;  ///< of a head, what is turned of it from its beginning on
};

/// Angles of the positions (batch, tokens) int64: position times each of the frequencies, half as many as the width.
Rotary rotary(GraphBuilder& net, const std::string& positions, std::span<const float> frequencies);

/// `x` (batch, heads, tokens, head width) with its first `width` numbers turned, the first half against the second one;
/// `x` itself without `cosine`.
std::string rotated(GraphBuilder& net, const std::string& x, const Rotary& rotary);

}  // namespace enxerto
