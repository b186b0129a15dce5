#pragma once
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Throws Error{weights} naming `where` where a parameter of `graph` holds numbers that are not finite, or a running
/// variance below 0: "tensor features.0.0.weight holds 432 numbers that are not finite". The tensor is called as it is
/// in `file`, which the parameters came from. Constants are not looked at: a mask may be infinite.
void require_sound(const Graph& graph, const StateDict& file, std::string_view where);

}  // namespace enxerto
