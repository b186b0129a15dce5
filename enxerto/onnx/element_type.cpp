#include "enxerto/onnx/element_type.h"

#include <array>

#include "enxerto_onnx.pb.h"

namespace enxerto {

std::int32_t onnx_element_type(DType dtype) {
  using Proto = enxerto_onnx::TensorProto;
  constexpr std::array<std::int32_t, 13> kTypes{
      Proto::DOUBLE, Proto::FLOAT,  Proto::FLOAT16, Proto::BFLOAT16, Proto::INT64, Proto::INT32, Proto::INT16,
      Proto::INT8,   Proto::UINT64, Proto::UINT32,  Proto::UINT16,   Proto::UINT8, Proto::BOOL};
  return kTypes.at(static_cast<std::size_t>(dtype));
}

}  // namespace enxerto
