#include "enxerto/base/input_spec.h"

#include <algorithm>

namespace enxerto {

bool InputSpec::allows(const Shape& its) const {
  return std::ranges::equal(its, shape,
                            [](auto is, auto allowed) { return is == allowed || (allowed < 0 && is >= 0); });
}

std::size_t example_bytes(std::span<const InputSpec> inputs) {
  std::size_t bytes = 0;
  for (const InputSpec& input : inputs) {
    Shape shape = input.shape;
    std::replace_if(shape.begin(), shape.end(), [](auto size) { return size < 0; }, kUsualLength);
    bytes += element_count(shape) * size_of(input.dtype);
  }
  return bytes;
}

std::string to_string(std::span<const InputSpec> inputs) {
  std::string text;
  for (const InputSpec& input : inputs) {
    if (!text.empty()) text += ", ";
    text += input.name + " " + to_string(input.shape);
  }
  return text;
}

}  // namespace enxerto
