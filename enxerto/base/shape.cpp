#include "enxerto/base/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"

namespace enxerto {

std::size_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) {
      throw Error(ErrorKind::data, {.where = "shape " + to_string(shape),
                                    .found = "negative or too large to count",
                                    .expected = "sizes of at least 0 whose product is below 2^63",
                                    .tip = ""});
    }
  }
  return static_cast<std::size_t>(count);
}

std::string to_string(const Shape& shape) { return fmt::format("({})", fmt::join(shape, ", ")); }

}  // namespace enxerto
