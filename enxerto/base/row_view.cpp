#include "enxerto/base/row_view.h"

#include <cstring>

#include "enxerto/base/error.h"
#include "enxerto/base/row_record.h"
#include "enxerto/base/stored_rows.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse() {
  throw disk_error("a record of features", "not of the size that it states", "an undamaged record",
                   "enxerto cache clear");
}

}  // namespace

RowView::RowView(const RowLayout& layout, DType storage, std::span<const std::byte> record) {
  std::size_t at = 0;
  values_.reserve(layout.values.size());
  for (const InputSpec& spec : layout.values) {
    values_.push_back({.shape = spec.shape, .dtype = stored_type(spec, storage), .bytes = {}});
    for (std::int64_t& size : values_.back().shape) {
      if (size >= 0) continue;
      if (at + sizeof size > record.size()) refuse();
      std::memcpy(&size, record.data() + at, sizeof size);
      if (size < 0) refuse();
      at += sizeof size;
    }
  }
  for (Value& value : values_) {
    at = filled_up(at);
    const std::size_t count = element_count(value.shape), width = size_of(value.dtype);
    if (at > record.size() || count > (record.size() - at) / width) refuse();
    value.bytes = record.subspan(at, count * width);
    at += count * width;
  }
}

RowView::RowView(std::span<const Tensor> values) {
  values_.reserve(values.size());
  for (const Tensor& tensor : values)
    values_.push_back({.shape = tensor.shape(), .dtype = tensor.dtype(), .bytes = tensor.bytes()});
}

Tensor RowView::tensor(std::size_t number) const {
  const Value& own = value(number);
  const bool narrow = own.dtype == DType::f16 || own.dtype == DType::bf16;
  if (!narrow) return Tensor::copied(own.dtype, own.shape, own.bytes);
  TensorBuffer floats(DType::f32, own.shape);
  from_stored(own.bytes, own.dtype, floats.as<float>());
  return std::move(floats).freeze();
}

}  // namespace enxerto
