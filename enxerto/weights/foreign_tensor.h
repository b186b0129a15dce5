#pragma once
#include <cstddef>
#include <memory>
#include <optional>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Bytes of a tensor of this type and shape; nothing where a size is negative, the product does not fit, or, beside a
/// size of 0, the product of the others is above 2^31.
std::optional<std::size_t> byte_count(DType dtype, const Shape& shape);

/// A tensor over bytes that come from a file: shared where they may be used as they lie, copied where they are not
/// aligned for their type, or hold booleans other than 0 and 1. The caller has checked the range.
Tensor foreign_tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data);

}  // namespace enxerto
