#include "enxerto/engine/openvino/ambiguous_attention.h"

#include <algorithm>
#include <memory>
#include <openvino/op/constant.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/transpose.hpp>
#include <vector>

namespace enxerto {
namespace {

constexpr int kReach = 4;  // operations between a Transpose and the product that it is for: Gather, Squeeze, a scale ..

bool exchanges_equal(const ov::Node& node) {
  const ov::PartialShape& shape = node.get_input_partial_shape(0);
  const auto order = ov::as_type_ptr<ov::op::v0::Constant>(node.get_input_node_shared_ptr(1));
  if (order == nullptr || shape.is_dynamic() || shape.size() < 4) return false;
  const auto axes = order->cast_vector<std::int64_t>();
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto from = static_cast<std::size_t>(axes[i]);
    if (from == i || from >= axes.size()) continue;
    // Only of those that change their order: a turn of all dimensions keeps the others' order.
    for (std::size_t j = i + 1; j < axes.size(); ++j)
      if (axes[j] < axes[i] && shape[from] == shape[static_cast<std::size_t>(axes[j])] && shape[from].get_length() > 1)
        return true;
  }
  return false;
}

/// A product of two values that both depend on the input.
bool is_product(const ov::Node& node) {
  const auto is_constant = [&](std::size_t i) { return ov::is_type<ov::op::v0::Constant>(node.get_input_node_ptr(i)); };
  return ov::is_type<ov::op::v0::MatMul>(&node) && !is_constant(0) && !is_constant(1);
}

bool leads_to_product(const ov::Node& node, int reach) {
  for (const ov::Output<const ov::Node>& output : node.outputs())
    for (const auto& user : output.get_target_inputs())
      if (is_product(*user.get_node()) || (reach > 1 && leads_to_product(*user.get_node(), reach - 1))) return true;
  return false;
}

bool comes_of_product(const ov::Node& node) { return is_product(*node.get_input_node_ptr(0)); }

}  // namespace

bool has_ambiguous_attention(const ov::Model& model) {
  return std::ranges::any_of(model.get_ops(), [](const std::shared_ptr<ov::Node>& node) {
    return ov::is_type<ov::op::v1::Transpose>(node) && exchanges_equal(*node) &&
           (comes_of_product(*node) || leads_to_product(*node, kReach));
  });
}

}  // namespace enxerto
