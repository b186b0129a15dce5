#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// A position where one value separates what comes before from what comes after.
struct Separator {
  std::size_t position = 0;  ///< before the node of this number
  std::string value;         ///< the one that crosses
};

/// All of them but the ends, in order. Constants and parameters do not count: each half has its own.
std::vector<Separator> separators(const Graph& graph);

}  // namespace enxerto
