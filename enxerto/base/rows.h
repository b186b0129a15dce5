#pragma once
#include <cstddef>
#include <vector>

namespace enxerto {

/// A matrix of float32 rows that lie anywhere in memory (mapped cache segments), so that solvers stream them without a
/// copy.
struct Rows {
  std::size_t width = 0;
  std::vector<const float*> row;  ///< each points at `width` floats

  std::size_t size() const { return row.size(); }
};

}  // namespace enxerto
