#pragma once
#include <cstddef>
#include <string>

namespace enxerto {

/// A value that one call of a network leaves for the next: an output, and the input as which it comes back.
struct KeptState {
  std::string input, output;
  std::size_t batch_dimension = 0;  ///< which dimension of it are the examples
};

}  // namespace enxerto
