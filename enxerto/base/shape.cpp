#include "enxerto/base/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {

std::size_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) {
      throw data_error("shape " + to_string(shape), "negative or too large to count",
                       "sizes of at least 0 whose product is below 2^63");
    }
  }
  return to_size(count);
}

std::string to_string(const Shape& shape) { return fmt::format("({})", fmt::join(shape, ", ")); }

}  // namespace enxerto
