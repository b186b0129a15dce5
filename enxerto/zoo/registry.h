#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

struct ArchitectureOptions {
  std::int64_t size = 0;  ///< pixels a side; 0: the architecture's default
  std::int64_t classes = 1000;
};

/// One network that can be built by name. A new architecture is one file and one row here.
struct Architecture {
  std::string_view name;         ///< "resnet50"
  std::string_view description;  ///< one line
  std::int64_t default_size;     ///< pixels a side that it was published with
  std::int64_t minimum_size;     ///< below it, nothing is left of the picture at the last stage
  Blueprint (*make)(const Architecture& row, const ArchitectureOptions& options);
  /// Of one that does not end in a dense layer of its classes: how many weights under its names are for; below 1: they
  /// lack that layer.
  std::int64_t (*classes_in)(const StateDict& weights) = nullptr;

  /// The network. Throws Error{usage} for a size below the minimum or above 8192, or less than one class.
  Blueprint build(const ArchitectureOptions& options = {}) const;
};

/// All of them, in the order in which they are listed to people.
std::span<const Architecture> architectures();

/// Throws Error{usage} with the nearest name where there is none of that name.
const Architecture& find_architecture(std::string_view name);

}  // namespace enxerto
