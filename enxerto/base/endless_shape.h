#pragma once
#include "enxerto/base/tensor.h"

namespace enxerto {

/// Of a shape that a file states and that has a size of 0: whether the product of the others is above 2^31. What holds
/// no number is laid out anew like all others, size by size, and no bytes of the file say how long that takes.
bool is_endless(const Shape& shape);

}  // namespace enxerto
