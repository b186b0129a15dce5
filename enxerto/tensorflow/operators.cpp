#include "enxerto/tensorflow/operators.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Rows = std::span<const TfOperatorRow>;

std::array<Rows, 5> families() {
  return {tf_elementwise_operators(), tf_window_operators(), tf_layout_operators(), tf_matrix_operators(),
          tf_index_operators()};
}

}  // namespace

const TfOperatorRow* find_tf_operator(std::string_view op) {
  for (const Rows rows : families()) {
    const auto row = std::ranges::find(rows, op, &TfOperatorRow::op);
    if (row != rows.end()) return &*row;
  }
  return nullptr;
}

std::string tf_operator_names() {
  std::vector<std::string_view> names;
  for (const Rows rows : families())
    for (const TfOperatorRow& row : rows) names.push_back(row.op);
  std::ranges::sort(names);
  return fmt::format("{}", fmt::join(names, ", "));
}

MapLayout map_layout(const TfNode& node) {
  const std::string format = text_attribute(node, "data_format", "NHWC");
  if (format == "NHWC") return {.order = {0, 3, 1, 2}, .spatial = 1};
  if (format == "NCHW") return {.order = {}, .spatial = 2};
  refuse_node(node, fmt::format("maps of the format '{}'", format), "NHWC or NCHW");
}

std::size_t axis_of(const TfNode& node, std::int64_t axis, std::size_t rank) {
  const std::int64_t dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis >= dimensions)
    refuse_node(node, fmt::format("dimension {} of {}", axis, rank), "one that is there");
  return to_size(axis < 0 ? axis + dimensions : axis);
}

Tensor beside(const Tensor& tensor, std::size_t rank, const DimensionOrder& order) {
  if (tensor.size() == 1 && tensor.shape().size() <= rank) return tensor.reshaped({});
  if (order.empty() || tensor.shape().size() > rank) return tensor;
  Shape whole(rank - tensor.shape().size(), 1);
  whole.insert(whole.end(), tensor.shape().begin(), tensor.shape().end());
  const Tensor turned = in_order(tensor.reshaped(whole), order);
  Shape shape = turned.shape();
  while (!shape.empty() && shape.front() == 1) shape.erase(shape.begin());
  return turned.reshaped(shape);
}

}  // namespace enxerto
