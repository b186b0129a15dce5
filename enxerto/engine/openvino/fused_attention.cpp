#include "enxerto/engine/openvino/fused_attention.h"

#include <algorithm>
#include <openvino/core/graph_util.hpp>
#include <openvino/op/add.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/scaled_dot_product_attention.hpp>
#include <openvino/op/softmax.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/op/unsqueeze.hpp>
#include <optional>
#include <vector>

namespace enxerto {
namespace {

using Output = ov::Output<ov::Node>;
using Numbers = std::vector<std::int64_t>;
using ov::op::v0::Constant;

template <typename T>
std::shared_ptr<T> made_by(const Output& value) {
  return ov::as_type_ptr<T>(value.get_node_shared_ptr());
}

/// Empty where the value is no constant.
Numbers numbers_of(const Output& value) {
  const auto constant = made_by<Constant>(value);
  return constant ? constant->cast_vector<std::int64_t>() : Numbers();
}

Output constant_of(const Numbers& numbers) { return Constant::create(ov::element::i64, {numbers.size()}, numbers); }

std::shared_ptr<ov::op::v0::MatMul> plain_product(const Output& value) {
  auto product = made_by<ov::op::v0::MatMul>(value);
  return product && !product->get_transpose_a() && !product->get_transpose_b() ? product : nullptr;
}

/// Keys or values (batch, heads, tokens, width): where they come from, and how often each head of them stands.
struct Heads {
  Output from;
  std::int64_t times = 1;
};

/// Nothing where heads are gathered otherwise than each `times` times in their order.
std::optional<Heads> heads_of(const Output& value) {
  const auto gather = made_by<ov::op::v8::Gather>(value);
  if (!gather || numbers_of(gather->input_value(2)) != Numbers{1}) return Heads{.from = value};
  const Numbers order = numbers_of(gather->input_value(1));
  const auto times = std::ranges::count(order, std::int64_t{0});
  if (order.empty() || times == 0) return std::nullopt;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] != static_cast<std::int64_t>(i) / times) return std::nullopt;
  return Heads{.from = gather->input_value(0), .times = times};
}

/// The same heads in the form that the engine knows for what is repeated.
std::optional<Output> repeated(const Output& value) {
  const std::optional<Heads> heads = heads_of(value);
  if (!heads) return std::nullopt;
  if (heads->times == 1) return heads->from;
  const ov::PartialShape& shape = heads->from.get_partial_shape();
  if (shape.size() != 4 || shape[1].is_dynamic() || shape[3].is_dynamic()) return std::nullopt;
  const auto apart = std::make_shared<ov::op::v0::Unsqueeze>(heads->from, constant_of({2}));
  const auto wide = std::make_shared<ov::op::v3::Broadcast>(apart, constant_of({1, 1, heads->times, 1, 1}),
                                                            ov::op::BroadcastType::BIDIRECTIONAL);
  return std::make_shared<ov::op::v1::Reshape>(
      wide, constant_of({0, shape[1].get_length() * heads->times, -1, shape[3].get_length()}), true);
}

/// The mask is the side that the product of queries and keys is not.
struct Scores {
  std::shared_ptr<ov::op::v0::MatMul> product;
  std::optional<Output> mask;
};

Scores scores_of(const Output& value) {
  if (auto product = plain_product(value)) return {.product = std::move(product), .mask = std::nullopt};
  const auto sum = made_by<ov::op::v1::Add>(value);
  if (!sum) return {};
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}})
    if (auto product = plain_product(sum->input_value(side)))
      return {.product = std::move(product), .mask = sum->input_value(1 - side)};
  return {};
}

void fuse(const std::shared_ptr<ov::Node>& softmax, std::int64_t axis) {
  const auto readers = softmax->output(0).get_target_inputs();
  if (readers.size() != 1 || (axis != -1 && axis != 3)) return;
  const auto mixed = plain_product(readers.begin()->get_node()->shared_from_this()->output(0));
  const Scores scores = scores_of(softmax->input_value(0));
  if (!mixed || readers.begin()->get_index() != 0 || !scores.product || !scores.mask) return;
  const auto turned = made_by<ov::op::v1::Transpose>(scores.product->input_value(1));
  if (!turned || numbers_of(turned->input_value(1)) != Numbers{0, 1, 3, 2}) return;
  const std::optional<Output> key = repeated(turned->input_value(0)), value = repeated(mixed->input_value(1));
  if (!key || !value) return;
  // Queries are scaled already.
  const auto scale = Constant::create(mixed->get_output_element_type(0), {}, {1});
  const auto attention = std::make_shared<ov::op::v13::ScaledDotProductAttention>(scores.product->input_value(0), *key,
                                                                                  *value, *scores.mask, scale, false);
  attention->set_friendly_name(mixed->get_friendly_name());
  ov::replace_node(mixed, attention);
}

}  // namespace

void fuse_attention(ov::Model& model) {
  for (const std::shared_ptr<ov::Node>& node : model.get_ordered_ops()) {
    if (const auto softmax = ov::as_type_ptr<ov::op::v8::Softmax>(node)) fuse(node, softmax->get_axis());
    if (const auto softmax = ov::as_type_ptr<ov::op::v1::Softmax>(node))
      fuse(node, static_cast<std::int64_t>(softmax->get_axis()));
  }
  model.validate_nodes_and_infer_types();
}

}  // namespace enxerto
