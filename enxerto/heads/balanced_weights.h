#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enxerto {

/// n / (classes that occur * count) for each class, scikit-learn's "balanced"; 1 for a class that does not occur.
std::vector<double> balanced_weights(std::span<const std::int64_t> labels, std::size_t classes);

}  // namespace enxerto
