#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace enxerto {

/// Sizes of a tensor's dimensions, outermost first; empty for a scalar.
using Shape = std::vector<std::int64_t>;

/// Product of the sizes. Throws Error{data} for a negative size or where the product exceeds 2^63 - 1.
std::size_t element_count(const Shape& shape);

/// "(2, 3, 224, 224)"; "()" for a scalar.
std::string to_string(const Shape& shape);

}  // namespace enxerto
