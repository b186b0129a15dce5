#include "enxerto/onnx/element_type.h"

#include <algorithm>
#include <array>

#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using Proto = enxerto_onnx::TensorProto;

/// In the order of `DType`.
constexpr std::array<std::int32_t, 13> kTypes{
    Proto::DOUBLE, Proto::FLOAT,  Proto::FLOAT16, Proto::BFLOAT16, Proto::INT64, Proto::INT32, Proto::INT16,
    Proto::INT8,   Proto::UINT64, Proto::UINT32,  Proto::UINT16,   Proto::UINT8, Proto::BOOL};

}  // namespace

std::int32_t onnx_element_type(DType dtype) { return kTypes.at(static_cast<std::size_t>(dtype)); }

std::optional<DType> dtype_of_onnx(std::int32_t element_type) {
  const auto* place = std::find(kTypes.begin(), kTypes.end(), element_type);
  if (place == kTypes.end()) return std::nullopt;
  return static_cast<DType>(place - kTypes.begin());
}

}  // namespace enxerto
