#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// A frame of samples each `hop`, multiplied by `kernel` (out, 1, .., window) and summed, as Conv has it: `x` (batch,
/// 1,
/// .., samples) to (batch, out, .., frames). Where it is known how many samples there are, quarters of the window are
/// summed apart: single precision is a third as far from the truth then, which tells in the logarithm of what is nearly
/// nothing. Nodes are called after `name`.
std::string frame_products(GraphBuilder& net, const std::string& x, const std::string& kernel, const std::string& name,
                           std::int64_t hop);

}  // namespace enxerto
