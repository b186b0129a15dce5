#include "enxerto/engine/torch/tensors.h"

#include <ATen/ATen.h>

#include <array>
#include <cstring>
#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::array<std::pair<DType, at::ScalarType>, 13> kTypes{{
    {DType::f64, at::kDouble},
    {DType::f32, at::kFloat},
    {DType::f16, at::kHalf},
    {DType::bf16, at::kBFloat16},
    {DType::i64, at::kLong},
    {DType::i32, at::kInt},
    {DType::i16, at::kShort},
    {DType::i8, at::kChar},
    {DType::u64, at::kUInt64},
    {DType::u32, at::kUInt32},
    {DType::u16, at::kUInt16},
    {DType::u8, at::kByte},
    {DType::boolean, at::kBool},
}};

[[noreturn]] void refuse(std::string found) {
  throw weights_error("training engine", std::move(found), "a type that both engines have");
}

}  // namespace

at::ScalarType to_torch(DType dtype) {
  for (const auto& [ours, theirs] : kTypes)
    if (ours == dtype) return theirs;
  refuse("a value of type " + std::string(name_of(dtype)));
}

DType from_torch(at::ScalarType type) {
  for (const auto& [ours, theirs] : kTypes)
    if (theirs == type) return ours;
  refuse("a value of type " + std::string(c10::toString(type)));
}

at::Tensor view_of(const Tensor& tensor) {
  // LibTorch's type does not say that it only reads.
  return at::from_blob(
      const_cast<std::byte*>(tensor.data()), tensor.shape(), [owner = tensor](void*) {}, to_torch(tensor.dtype()));
}

Tensor copy_of(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
  TensorBuffer buffer(from_torch(host.scalar_type()), Shape(host.sizes().begin(), host.sizes().end()));
  if (host.nbytes() > 0) std::memcpy(buffer.data(), host.const_data_ptr(), host.nbytes());
  return std::move(buffer).freeze();
}

}  // namespace enxerto
