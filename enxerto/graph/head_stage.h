#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The stage that turns features into a network's answers: one name for all networks, so that recipes, caches and saved
/// models call it the same whatever the network. It is the last stage, and what is grown on the user's data takes its
/// place; a network that answers with features has none.
inline constexpr std::string_view kHeadStage = "head";

bool has_head(const Graph& graph);

}  // namespace enxerto
