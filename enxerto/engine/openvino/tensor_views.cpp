#include "enxerto/engine/openvino/tensor_views.h"

#include "enxerto/engine/openvino/element_type.h"

namespace enxerto {

ov::Tensor view_of(const Tensor& tensor) {
  return {to_openvino(tensor.dtype()), ov::Shape(tensor.shape().begin(), tensor.shape().end()),
          const_cast<std::byte*>(tensor.data())};
}

Shape shape_of(const ov::Shape& shape) { return {shape.begin(), shape.end()}; }

Tensor copy_of(const ov::Tensor& tensor) {
  return Tensor::copied(from_openvino(tensor.get_element_type()), shape_of(tensor.get_shape()),
                        {static_cast<const std::byte*>(tensor.data()), tensor.get_byte_size()});
}

}  // namespace enxerto
