#pragma once
#include <cstddef>
#include <map>
#include <string>

#include "enxerto/base/shape.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Where a parameter is used first.
struct ParameterUse {
  const Node* node = nullptr;  ///< of the graph that was asked
  std::size_t slot = 0;
};
std::map<std::string, ParameterUse, std::less<>> first_uses(const Graph& graph);

/// How many numbers one output of a layer is made of, and how many outputs one input goes into.
struct Fans {
  double in = 1, out = 1;
};

/// Those of a weight of two or more dimensions, by the operation that uses it; within a group where there are groups.
Fans fans_of(const ParameterUse& use, const Shape& shape);

}  // namespace enxerto
