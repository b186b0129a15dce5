#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "enxerto/base/dtype.h"
#include "enxerto/base/shape.h"

namespace enxerto {

/// An immutable, shared, dense array in host memory, row-major. Copying shares the bytes, which may be a memory map.
class Tensor {
 public:
  /// An empty float32 tensor of shape (0).
  Tensor();

  /// Takes `element_count(shape) * size_of(dtype)` bytes at `data` as they are; their owner lives as long as `data`.
  Tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data);

  /// Copies `values`. Throws Error{data} where their number does not fit the shape.
  template <typename T>
  static Tensor of(Shape shape, std::span<const T> values) {
    return copied(dtype_of<T>, std::move(shape), std::as_bytes(values));
  }
  template <typename T>
  static Tensor of(Shape shape, std::initializer_list<T> values) {
    return of<T>(std::move(shape), std::span<const T>(values.begin(), values.size()));
  }
  template <typename T>
  static Tensor scalar(T value) {
    return of<T>({}, {value});
  }

  /// Copies raw bytes. Throws Error{data} where their number does not fit the shape.
  static Tensor copied(DType dtype, Shape shape, std::span<const std::byte> bytes);

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  std::size_t size() const { return count_; }  ///< number of elements
  std::size_t byte_size() const { return count_ * size_of(dtype_); }
  const std::byte* data() const { return data_.get(); }
  std::span<const std::byte> bytes() const { return {data_.get(), byte_size()}; }

  /// The elements as `T`. Throws Error{data} where the dtype is another.
  template <typename T>
  std::span<const T> as() const {
    check(dtype_of<T>);
    return {reinterpret_cast<const T*>(data_.get()), count_};
  }

  /// The same bytes under another shape of as many elements. Throws Error{data} otherwise.
  Tensor reshaped(Shape shape) const;

  /// Rows `begin` to `end` of the outermost dimension, sharing the bytes. Throws Error{data} out of range.
  Tensor rows(std::int64_t begin, std::int64_t end) const;

  /// Converted to float32 (the same tensor where it already is). Integers and booleans too.
  Tensor to_float32() const;

 private:
  void check(DType wanted) const;

  DType dtype_ = DType::f32;
  Shape shape_{0};
  std::size_t count_ = 0;
  std::shared_ptr<const std::byte> data_;
};

/// Same dtype, shape and bytes.
bool identical(const Tensor& a, const Tensor& b);

/// Memory to write a tensor's elements into, aligned to 64 bytes, not initialised; `freeze` makes the Tensor of it.
class TensorBuffer {
 public:
  TensorBuffer(DType dtype, Shape shape);

  std::byte* data() { return data_.get(); }
  std::size_t size() const { return count_; }
  std::span<std::byte> bytes() { return {data_.get(), count_ * size_of(dtype_)}; }

  /// The elements as `T`. Throws Error{data} where the dtype is another.
  template <typename T>
  std::span<T> as() {
    check(dtype_of<T>);
    return {reinterpret_cast<T*>(data_.get()), count_};
  }

  Tensor freeze() &&;

 private:
  void check(DType wanted) const;

  DType dtype_;
  Shape shape_;
  std::size_t count_;
  std::shared_ptr<std::byte> data_;
};

}  // namespace enxerto
