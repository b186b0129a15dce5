#include "enxerto/tasks/window_outputs.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/padding.h"

namespace enxerto {
namespace {

/// As one tensor with a first dimension of their number, each filled up to the longest.
Tensor stacked(std::span<const Tensor> tensors, double padding) {
  Shape longest = tensors.front().shape();
  for (const Tensor& tensor : tensors)
    for (std::size_t d = 0; d < longest.size(); ++d) longest[d] = std::max(longest[d], tensor.shape().at(d));
  Shape shape = longest;
  shape.insert(shape.begin(), static_cast<std::int64_t>(tensors.size()));
  TensorBuffer buffer(tensors.front().dtype(), std::move(shape));
  fill(padding, tensors.front().dtype(), buffer.bytes());
  const std::size_t bytes = buffer.bytes().size() / tensors.size();
  for (std::size_t i = 0; i < tensors.size(); ++i)
    copy_block(tensors[i].data(), tensors[i].shape(), buffer.data() + i * bytes, longest, size_of(tensors[i].dtype()));
  return std::move(buffer).freeze();
}

}  // namespace

void WindowOutputs::add(const TensorMap& batch, std::size_t row, Tensor map) {
  TensorMap one;
  const auto at = static_cast<std::int64_t>(row);
  for (const auto& [name, output] : batch) {
    Shape shape(output.shape().begin() + 1, output.shape().end());
    one.set(name, output.rows(at, at + 1).reshaped(std::move(shape)));
  }
  rows_.push_back(std::move(one));
  maps_.push_back(std::move(map));
}

TensorMap WindowOutputs::joined(const Task& task, std::span<const Field> fields, const ReadingOptions& options) const {
  TensorMap windows;
  for (const auto& [name, first] : rows_.front()) {
    std::vector<Tensor> all;
    for (const TensorMap& row : rows_) all.push_back(row.at(name));
    windows.set(name, stacked(all, 0));
  }
  const bool mapped = std::ranges::all_of(maps_, [](const Tensor& map) { return map.size() > 0; });
  return task.joined(windows, fields, {mapped ? stacked(maps_, -1) : Tensor()}, options);
}

}  // namespace enxerto
