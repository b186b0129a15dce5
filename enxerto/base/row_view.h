#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/row_layout.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

/// One record (see row_record.h) as named tensors. Points into what the record lies in, and at the layout.
class RowView {
 public:
  /// Throws Error{disk} where `record` is not of the size that it says.
  RowView(const RowLayout& layout, DType storage, std::span<const std::byte> record);

  /// Of values that are there as tensors, whose memory must outlive this.
  explicit RowView(std::span<const Tensor> values);

  /// Value number `value` of the layout.
  struct Value {
    Shape shape;
    DType dtype = DType::f32;  ///< that it is kept in
    std::span<const std::byte> bytes;
  };
  const Value& value(std::size_t value) const { return values_.at(value); }

  /// A copy of it in the layout's type.
  Tensor tensor(std::size_t number) const;

 private:
  std::vector<Value> values_;
};

}  // namespace enxerto
