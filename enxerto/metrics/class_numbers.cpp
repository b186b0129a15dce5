#include "enxerto/metrics/class_numbers.h"

#include <cstdint>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {

Tensor class_numbers(const Tensor& targets) {
  if (targets.dtype() == DType::i64) return targets;
  const Shape& shape = targets.shape();
  if (shape.size() != 2 || shape[1] < 1)
    throw data_error("metrics", "targets of " + to_string(shape), "class numbers (N), or a distribution (N, classes)");
  const Tensor numbers = targets.to_float32();
  const auto values = numbers.as<float>();
  const auto rows = static_cast<std::size_t>(shape[0]), width = static_cast<std::size_t>(shape[1]);
  std::vector<std::int64_t> classes(rows);
  for (std::size_t i = 0; i < rows; ++i)
    classes[i] =
        width == 1 ? (values[i] > 0.5F ? 1 : 0) : static_cast<std::int64_t>(highest(values.subspan(i * width, width)));
  return Tensor::of<std::int64_t>({shape[0]}, classes);
}

}  // namespace enxerto
