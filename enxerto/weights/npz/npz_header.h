#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// What stands before the numbers of a .npy file.
struct NpyHeader {
  DType dtype = DType::f32;
  Shape shape = {};
  std::size_t begin = 0;  ///< where the numbers are
};

/// Reads it by the text of NumPy's format versions 1 to 3 (numpy.lib.format); the numbers are all that follows, to the
/// byte. Throws Error{weights}.
NpyHeader read_npy_header(std::span<const std::byte> file, std::string_view where);

}  // namespace enxerto
