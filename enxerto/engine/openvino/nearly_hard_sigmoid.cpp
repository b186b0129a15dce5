#include "enxerto/engine/openvino/nearly_hard_sigmoid.h"

#include <cmath>
#include <memory>
#include <openvino/core/graph_util.hpp>
#include <openvino/op/clamp.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/maximum.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/multiply.hpp>
#include <optional>

namespace enxerto {
namespace {

using FloatOutput = ov::Output<ov::Node>;

constexpr float kLimit = 6, kSixth = 1.0F / 6, kTakenForIt = 2e-3F;

std::optional<float> single_number(const FloatOutput& value) {
  const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(value.get_node_shared_ptr());
  if (constant == nullptr || ov::shape_size(constant->get_shape()) != 1 ||
      constant->get_element_type() != ov::element::f32)
    return std::nullopt;
  return constant->cast_vector<float>()[0];
}

/// The other input of a `Limit` (Maximum, Minimum) by that number.
template <typename Limit>
std::optional<FloatOutput> limited_by(const FloatOutput& value, float limit) {
  if (!ov::is_type<Limit>(value.get_node())) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i)
    if (single_number(value.get_node()->input_value(i)) == limit) return value.get_node()->input_value(1 - i);
  return std::nullopt;
}

/// x of a value that is x between 0 and 6.
std::optional<FloatOutput> between_limits(const FloatOutput& value) {
  if (const auto clamp = ov::as_type_ptr<ov::op::v0::Clamp>(value.get_node_shared_ptr()))
    return clamp->get_min() == 0 && clamp->get_max() == kLimit ? std::optional(clamp->input_value(0)) : std::nullopt;
  if (const auto below = limited_by<ov::op::v1::Minimum>(value, kLimit))
    return limited_by<ov::op::v1::Maximum>(*below, 0);
  if (const auto above = limited_by<ov::op::v1::Maximum>(value, 0))
    return limited_by<ov::op::v1::Minimum>(*above, kLimit);
  return std::nullopt;
}

}  // namespace

void keep_nearly_hard_sigmoids(ov::Model& model) {
  for (const std::shared_ptr<ov::Node>& node : model.get_ops()) {
    if (!ov::is_type<ov::op::v1::Multiply>(node)) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::optional<float> factor = single_number(node->input_value(i));
      if (!factor || *factor == kSixth || std::abs(*factor - kSixth) > kTakenForIt) continue;
      const std::optional<FloatOutput> x = between_limits(node->input_value(1 - i));
      if (!x) continue;
      const auto product = std::make_shared<ov::op::v1::Multiply>(*x, node->input_value(i));
      const auto limited = std::make_shared<ov::op::v0::Clamp>(product, 0, kLimit * *factor);
      limited->set_friendly_name(node->get_friendly_name());
      ov::replace_node(node, limited);
      break;
    }
  }
}

}  // namespace enxerto
