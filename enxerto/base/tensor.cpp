#include "enxerto/base/tensor.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/aligned_bytes.h"
#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

void require_dtype(DType is, DType wanted, const Shape& shape) {
  if (is == wanted) return;
  throw data_error(fmt::format("tensor {}", to_string(shape)), fmt::format("elements of type {}", name_of(is)),
                   std::string(name_of(wanted)));
}

template <typename T>
void convert(const Tensor& from, std::span<float> to) {
  const auto values = from.as<T>();
  std::transform(values.begin(), values.end(), to.begin(), [](T value) {
    if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
      return to_float(value);
    } else {
      return static_cast<float>(value);
    }
  });
}

}  // namespace

Tensor::Tensor() = default;

Tensor::Tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data)
    : dtype_(dtype), shape_(std::move(shape)), count_(element_count(shape_)), data_(std::move(data)) {}

Tensor Tensor::copied(DType dtype, Shape shape, std::span<const std::byte> bytes) {
  TensorBuffer buffer(dtype, std::move(shape));
  const auto room = buffer.bytes();
  if (room.size() != bytes.size()) {
    throw data_error("tensor", fmt::format("{} bytes", bytes.size()), fmt::format("{} for its shape", room.size()));
  }
  if (!bytes.empty()) std::memcpy(room.data(), bytes.data(), bytes.size());
  return std::move(buffer).freeze();
}

Tensor Tensor::reshaped(Shape shape) const {
  if (element_count(shape) != count_) {
    throw data_error("reshape of " + to_string(shape_), to_string(shape),
                     fmt::format("a shape of {} elements", count_));
  }
  return {dtype_, std::move(shape), data_};
}

Tensor Tensor::rows(std::int64_t begin, std::int64_t end) const {
  if (shape_.empty() || begin < 0 || end < begin || end > shape_.front()) {
    throw data_error("rows of " + to_string(shape_), fmt::format("{} to {}", begin, end),
                     "a range inside the first dimension");
  }
  Shape part = shape_;
  part.front() = end - begin;
  const std::size_t row_bytes = shape_.front() == 0 ? 0 : byte_size() / to_size(shape_.front());
  return {dtype_, std::move(part), {data_, data_.get() + to_size(begin) * row_bytes}};
}

Tensor Tensor::to_float32() const {
  if (dtype_ == DType::f32) return *this;
  TensorBuffer buffer(DType::f32, shape_);
  const auto to = buffer.as<float>();
  switch (dtype_) {
    case DType::f64:
      convert<double>(*this, to);
      break;
    case DType::f16:
      convert<Half>(*this, to);
      break;
    case DType::bf16:
      convert<BFloat16>(*this, to);
      break;
    case DType::i64:
      convert<std::int64_t>(*this, to);
      break;
    case DType::i32:
      convert<std::int32_t>(*this, to);
      break;
    case DType::i16:
      convert<std::int16_t>(*this, to);
      break;
    case DType::i8:
      convert<std::int8_t>(*this, to);
      break;
    case DType::u64:
      convert<std::uint64_t>(*this, to);
      break;
    case DType::u32:
      convert<std::uint32_t>(*this, to);
      break;
    case DType::u16:
      convert<std::uint16_t>(*this, to);
      break;
    case DType::u8:
      convert<std::uint8_t>(*this, to);
      break;
    case DType::boolean:
      convert<bool>(*this, to);
      break;
    case DType::f32:
      break;
  }
  return std::move(buffer).freeze();
}

void Tensor::check(DType wanted) const { require_dtype(dtype_, wanted, shape_); }

bool identical(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() && std::ranges::equal(a.bytes(), b.bytes());
}

TensorBuffer::TensorBuffer(DType dtype, Shape shape)
    : dtype_(dtype), shape_(std::move(shape)), count_(element_count(shape_)) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count_, size_of(dtype), &bytes)) throw std::bad_alloc();
  data_ = aligned_bytes(std::max<std::size_t>(bytes, 1));
}

Tensor TensorBuffer::freeze() && { return {dtype_, std::move(shape_), std::move(data_)}; }

void TensorBuffer::check(DType wanted) const { require_dtype(dtype_, wanted, shape_); }

}  // namespace enxerto
