#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto::testing {

inline std::vector<std::string> names_of(const std::vector<Value>& values) {
  std::vector<std::string> names;
  for (const Value& value : values) names.push_back(value.name);
  return names;
}

}  // namespace enxerto::testing
