#include <ATen/ATen.h>

#include <array>
#include <utility>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// One number for all, or one a place along `axis`.
at::Tensor along(const at::Tensor& numbers, std::int64_t axis, const at::Tensor& x) {
  if (numbers.numel() == 1) return numbers.reshape({});
  Ints shape(static_cast<std::size_t>(x.dim()), 1);
  shape.at(static_cast<std::size_t>(axis_from_front(axis, x.dim()))) = -1;
  return numbers.reshape(shape);
}

std::int64_t axis_of(const Site& site) {
  if (attribute<std::int64_t>(site.node, "block_size", 0) != 0) refuse_node(site.node, "blocks", "one scale per axis");
  return attribute<std::int64_t>(site.node, "axis", 1);
}

Operation dequantize(const Site& site) {
  return [axis = axis_of(site)](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor scale = along(call.in[1], axis, x);
    at::Tensor wide = x.to(scale.scalar_type());
    if (call.in.size() > 2 && call.in[2].defined())
      wide = at::sub(wide, along(call.in[2], axis, x).to(scale.scalar_type()));
    call.out[0] = at::mul(wide, scale);
  };
}

std::pair<double, double> range_of(at::ScalarType type) {
  if (type == at::kChar) return {-128, 127};
  if (type == at::kShort) return {-32768, 32767};
  return type == at::kUInt16 ? std::pair(0.0, 65535.0) : std::pair(0.0, 255.0);
}

Operation quantize(const Site& site) {
  return [axis = axis_of(site)](Call& call) {
    const at::Tensor& x = call.in[0];
    const bool has_zero = call.in.size() > 2 && call.in[2].defined();
    const at::ScalarType type = has_zero ? call.in[2].scalar_type() : at::kByte;
    at::Tensor whole = at::round(at::div(x, along(call.in[1], axis, x)));
    if (has_zero) whole = at::add(whole, along(call.in[2], axis, x).to(x.scalar_type()));
    const auto [least, most] = range_of(type);
    call.out[0] = at::clamp(whole, least, most).to(at::kInt).to(type);
  };
}

constexpr std::array kQuantizeOperators{
    OperatorRow{"DequantizeLinear", dequantize},
    OperatorRow{"QuantizeLinear", quantize},
};

}  // namespace

std::span<const OperatorRow> quantize_operators() { return kQuantizeOperators; }

}  // namespace enxerto
