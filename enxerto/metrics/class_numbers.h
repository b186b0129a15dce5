#pragma once
#include "enxerto/base/tensor.h"

namespace enxerto {

/// The true classes, (N) of int64, whichever way a loss wants its targets: class numbers (N) as they are, the largest
/// entry of each row of a distribution (N, classes), and of one unit, (N, 1), class 1 above one half. Throws
/// Error{data} for other shapes.
Tensor class_numbers(const Tensor& targets);

}  // namespace enxerto
