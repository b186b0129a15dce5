#pragma once
#include <cstdint>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// Number that `onnx.TensorProto.DataType` gives to an element type.
std::int32_t onnx_element_type(DType dtype);

}  // namespace enxerto
