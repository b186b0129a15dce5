#pragma once
#include <functional>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// Whether it is a map (batch, channels, height, width) of a fixed size.
bool is_fixed_map(const Value& value);

/// A network of nothing but a head, which `add` writes on the maps of `features`.
Blueprint alone(const HeadFeatures& features, const std::function<void(GraphBuilder& net)>& add);

}  // namespace enxerto
