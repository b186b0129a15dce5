#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/target_kind.h"

namespace enxerto::testing {

/// The class of an example.
inline std::int64_t label_of(const Dataset& dataset, std::size_t position) {
  return class_number(dataset.target(position));
}

/// The labels or numbers of an example.
inline std::vector<float> numbers_of(const Dataset& dataset, std::size_t position) {
  const Tensor target = dataset.target(position);
  const auto values = target.as<float>();
  return {values.begin(), values.end()};
}

inline const std::vector<std::string>& names_of(const Dataset& dataset) { return dataset.info().target.names; }

}  // namespace enxerto::testing
