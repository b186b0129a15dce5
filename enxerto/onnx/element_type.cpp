#include "enxerto/onnx/element_type.h"

#include <algorithm>
#include <array>

#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using enxerto_onnx::TensorProto;

/// In the order of `DType`.
constexpr std::array<std::int32_t, 13> kTypes{
    TensorProto::DOUBLE, TensorProto::FLOAT, TensorProto::FLOAT16, TensorProto::BFLOAT16, TensorProto::INT64,
    TensorProto::INT32,  TensorProto::INT16, TensorProto::INT8,    TensorProto::UINT64,   TensorProto::UINT32,
    TensorProto::UINT16, TensorProto::UINT8, TensorProto::BOOL};

}  // namespace

std::int32_t onnx_element_type(DType dtype) { return kTypes.at(static_cast<std::size_t>(dtype)); }

std::optional<DType> dtype_of_onnx(std::int32_t element_type) {
  const auto* place = std::find(kTypes.begin(), kTypes.end(), element_type);
  if (place == kTypes.end()) return std::nullopt;
  return static_cast<DType>(place - kTypes.begin());
}

}  // namespace enxerto
