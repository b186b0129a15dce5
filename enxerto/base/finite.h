#pragma once
#include <span>

namespace enxerto {

/// Whether no number is infinite or not a number. As fast as memory is read.
bool all_finite(std::span<const float> values);

}  // namespace enxerto
