#include "enxerto/base/collate.h"

#include <cstring>
#include <utility>
#include <vector>

namespace enxerto {
namespace {

Tensor batch_of(std::span<const RowView> rows, std::size_t value, const InputSpec& spec, const PadOptions& options) {
  const Shape one = padded_shape(spec.shape, rows.size(), options,
                                 [&](std::size_t i) -> const Shape& { return rows[i].value(value).shape; });
  Shape shape = one;
  shape.insert(shape.begin(), static_cast<std::int64_t>(rows.size()));
  TensorBuffer batch(spec.dtype, std::move(shape));
  const std::size_t width = rows.empty() ? 0 : batch.bytes().size() / rows.size();
  std::vector<float> floats;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RowView::Value& own = rows[i].value(value);
    const std::span<std::byte> to = batch.bytes().subspan(i * width, width);
    const std::byte* from = own.bytes.data();
    if (own.dtype != spec.dtype) {
      floats.resize(element_count(own.shape));
      from_stored(own.bytes, own.dtype, floats);
      from = reinterpret_cast<const std::byte*>(floats.data());
    }
    if (own.shape != one) fill(spec.padding, spec.dtype, to);
    copy_block(from, own.shape, to.data(), one, size_of(spec.dtype));
  }
  return std::move(batch).freeze();
}

}  // namespace

TensorMap collate(std::span<const RowView> rows, const RowLayout& layout, const PadOptions& options) {
  TensorMap batch;
  for (std::size_t i = 0; i < layout.values.size(); ++i)
    batch.set(layout.values[i].name, batch_of(rows, i, layout.values[i], options));
  return batch;
}

TensorMap collate(const StoredRows& rows, std::size_t begin, std::size_t end, const PadOptions& options) {
  std::vector<RowView> views;
  views.reserve(end - begin);
  for (std::size_t row = begin; row < end; ++row) views.push_back(rows.at(row));
  return collate(views, rows.layout(), options);
}

}  // namespace enxerto
