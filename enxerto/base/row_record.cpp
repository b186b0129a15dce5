#include "enxerto/base/row_record.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/stored_rows.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(const InputSpec& value, const Tensor& tensor) {
  throw data_error("a row's value '" + value.name + "'",
                   std::string(name_of(tensor.dtype())) + " " + to_string(tensor.shape()),
                   std::string(name_of(value.dtype)) + " " + to_string(value.shape) + " where -1 is any size");
}

void check_value(const InputSpec& value, const Tensor& tensor) {
  if (tensor.dtype() != value.dtype || !value.allows(tensor.shape())) refuse(value, tensor);
}

std::size_t header_bytes(const RowLayout& layout) {
  std::size_t varying = 0;
  for (const InputSpec& value : layout.values)
    varying += static_cast<std::size_t>(std::ranges::count_if(value.shape, [](std::int64_t size) { return size < 0; }));
  return varying * sizeof(std::int64_t);
}

}  // namespace

std::size_t record_bytes(const RowLayout& layout, DType storage) {
  std::vector<Shape> shapes;
  for (const InputSpec& value : layout.values) shapes.push_back(value.shape);
  return record_bytes(layout, storage, shapes);
}

std::size_t record_bytes(const RowLayout& layout, DType storage, std::span<const Shape> shapes) {
  std::size_t bytes = header_bytes(layout);
  for (std::size_t i = 0; i < layout.values.size(); ++i)
    bytes = filled_up(bytes) + element_count(shapes[i]) * size_of(stored_type(layout.values[i], storage));
  return layout.fixed() && layout.values.size() == 1 ? bytes : filled_up(bytes);
}

std::size_t record_bytes(const RowLayout& layout, DType storage, std::span<const Tensor> values) {
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < layout.values.size(); ++i) {
    check_value(layout.values[i], values[i]);
    shapes.push_back(values[i].shape());
  }
  return record_bytes(layout, storage, shapes);
}

void write_record(const RowLayout& layout, DType storage, std::span<const Tensor> values, std::span<std::byte> to) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < layout.values.size(); ++i) {
    for (std::size_t d = 0; d < layout.values[i].shape.size(); ++d) {
      if (layout.values[i].shape[d] >= 0) continue;
      std::memcpy(to.data() + at, &values[i].shape()[d], sizeof(std::int64_t));
      at += sizeof(std::int64_t);
    }
  }
  for (std::size_t i = 0; i < layout.values.size(); ++i) {
    const DType type = stored_type(layout.values[i], storage);
    const std::size_t bytes = values[i].size() * size_of(type), begin = filled_up(at);
    std::fill(to.begin() + static_cast<std::ptrdiff_t>(at), to.begin() + static_cast<std::ptrdiff_t>(begin),
              std::byte{0});
    const std::span<std::byte> room = to.subspan(begin, bytes);
    if (layout.values[i].dtype == DType::f32)
      to_stored(values[i].as<float>(), type, room);
    else if (bytes > 0)
      std::memcpy(room.data(), values[i].data(), bytes);
    at = begin + bytes;
  }
  std::fill(to.begin() + static_cast<std::ptrdiff_t>(at), to.end(), std::byte{0});
}

}  // namespace enxerto
