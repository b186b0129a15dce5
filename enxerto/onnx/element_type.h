#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// Number that `onnx.TensorProto.DataType` gives to an element type.
std::int32_t onnx_element_type(DType dtype);

/// The opposite; nullopt for types that are not held here (strings, complex numbers, fewer than 8 bits).
std::optional<DType> dtype_of_onnx(std::int32_t element_type);

}  // namespace enxerto
