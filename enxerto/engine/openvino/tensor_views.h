#pragma once
#include <openvino/runtime/tensor.hpp>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// The tensor where it lies. The engine only reads its inputs, though its type does not say so.
ov::Tensor view_of(const Tensor& tensor);

Tensor copy_of(const ov::Tensor& tensor);

Shape shape_of(const ov::Shape& shape);

}  // namespace enxerto
