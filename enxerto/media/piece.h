#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/media/field.h"

namespace enxerto {

/// A part of an example that a network reads at once.
struct Piece {
  std::vector<Field> fields = {};          ///< of which the bytes are the example's own
  std::vector<std::uint32_t> tokens = {};  ///< that have one before them in this piece, so that they can be foretold
  std::size_t bytes = 0;                   ///< that these are
};

}  // namespace enxerto
