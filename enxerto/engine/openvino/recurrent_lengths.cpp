#include "enxerto/engine/openvino/recurrent_lengths.h"

#include <openvino/op/add.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/gru_sequence.hpp>
#include <openvino/op/lstm_sequence.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reduce_max.hpp>
#include <openvino/op/rnn_sequence.hpp>
#include <openvino/op/shape_of.hpp>
#include <unordered_set>

namespace enxerto {
namespace {

/// Where a layer has its lengths; its recurrent weights are two further. 0 for another operation.
std::size_t slot_of_lengths(const std::shared_ptr<ov::Node>& node) {
  if (ov::is_type<ov::op::v5::LSTMSequence>(node)) return 3;
  return ov::is_type<ov::op::v5::GRUSequence>(node) || ov::is_type<ov::op::v5::RNNSequence>(node) ? 2 : 0;
}

/// False for what follows from the shapes of values alone: the length of the batch.
bool depends_on_values(const std::shared_ptr<ov::Node>& node, std::unordered_set<ov::Node*>& seen) {
  if (!seen.insert(node.get()).second || ov::is_type<ov::op::v0::ShapeOf>(node) ||
      ov::is_type<ov::op::v3::ShapeOf>(node))
    return false;
  if (ov::is_type<ov::op::v0::Parameter>(node)) return true;
  for (std::size_t i = 0; i < node->get_input_size(); ++i)
    if (depends_on_values(node->get_input_node_shared_ptr(i), seen)) return true;
  return false;
}

/// 0, of the type of `weights`: lengths are never negative.
ov::Output<ov::Node> zero_of(const ov::Output<ov::Node>& lengths, const ov::Output<ov::Node>& weights) {
  const auto axis = ov::op::v0::Constant::create(ov::element::i64, {1}, {0});
  const auto zero = ov::op::v0::Constant::create(lengths.get_element_type(), {}, {0});
  const auto longest = std::make_shared<ov::op::v1::ReduceMax>(lengths, axis, false);
  const auto none = std::make_shared<ov::op::v1::Minimum>(longest, zero);
  return std::make_shared<ov::op::v0::Convert>(none, weights.get_element_type());
}

}  // namespace

void honour_lengths(ov::Model& model) {
  for (const std::shared_ptr<ov::Node>& node : model.get_ordered_ops()) {
    const std::size_t slot = slot_of_lengths(node);
    if (slot == 0 || !node->get_input_partial_shape(0).is_dynamic()) continue;
    const ov::Output<ov::Node> lengths = node->input_value(slot), weights = node->input_value(slot + 2);
    std::unordered_set<ov::Node*> seen;
    if (!depends_on_values(lengths.get_node_shared_ptr(), seen)) continue;
    node->input(slot + 2).replace_source_output(std::make_shared<ov::op::v1::Add>(weights, zero_of(lengths, weights)));
  }
}

}  // namespace enxerto
