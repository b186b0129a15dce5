#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

std::vector<ValueType> constant(const Node& node, std::span<const InferInput> /*inputs*/) {
  const Tensor& tensor = required_attribute<Tensor>(node, "value");
  return {{tensor.dtype(), SymbolicShape(tensor.shape().begin(), tensor.shape().end())}};
}

std::vector<ValueType> flatten(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const auto rank = static_cast<std::int64_t>(x.shape.size());
  auto axis = attribute<std::int64_t>(node, "axis", 1);
  if (axis < -rank || axis > rank) fail_inference(node, fmt::format("axis {}", axis), "an existing axis");
  if (axis < 0) axis += rank;
  const std::span<const Dim> dims(x.shape);
  const auto split = to_size(axis);
  return {{x.dtype, {product(node, dims.first(split)), product(node, dims.subspan(split))}}};
}

/// The one dimension that is left to be found, from what the others leave of the whole.
Dim remainder(const Node& node, const SymbolicShape& from, const SymbolicShape& to) {
  const Dim whole = product(node, from);
  const Dim part = product(node, to);
  if (const std::optional<Dim> rest = divided(whole, part)) return *rest;
  if (!part.is_symbolic() && part.size > 0 && whole.is_symbolic()) {
    return fmt::format("{}/{}", whole.symbol, part.size);
  }
  fail_inference(node, "a shape that does not divide " + to_string(from), "as many elements");
}

std::vector<ValueType> reshape(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const std::vector<Number> wanted = input_symbols(node, inputs, 1);
  const bool allow_zero = attribute<std::int64_t>(node, "allowzero", 0) != 0;
  SymbolicShape shape, known;
  std::ptrdiff_t open = -1;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool is_open = !wanted[i].is_symbolic() && wanted[i].value == -1;
    const std::optional<Dim> size = is_open ? Dim(std::int64_t{0}) : dim_of(wanted[i]);
    if (!size || (is_open && open >= 0)) fail_inference(node, "an invalid shape", "at most one -1");
    if (is_open) open = static_cast<std::ptrdiff_t>(i);
    const bool copied = !is_open && *size == Dim(std::int64_t{0}) && !allow_zero;
    if (copied && i >= x.shape.size()) fail_inference(node, "0 beyond the input's dimensions", "a size");
    shape.push_back(copied ? x.shape[i] : *size);
    if (!is_open) known.push_back(shape.back());
  }
  if (open >= 0) {
    shape[to_size(open)] = remainder(node, x.shape, known);
  } else if (product(node, x.shape) != product(node, shape) && !product(node, x.shape).is_symbolic() &&
             !product(node, shape).is_symbolic()) {
    fail_inference(node, to_string(x.shape) + " to " + to_string(shape), "as many elements");
  }
  return {{x.dtype, std::move(shape)}};
}

std::vector<ValueType> transpose(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  Ints reversed(x.shape.size());
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  const Ints order = attribute<Ints>(node, "perm", reversed);
  if (!std::is_permutation(order.begin(), order.end(), reversed.begin(), reversed.end())) {
    fail_inference(node, fmt::format("'perm' of {} axes", order.size()), "each axis once");
  }
  SymbolicShape shape;
  for (const std::int64_t axis : order) shape.push_back(x.shape[to_size(axis)]);
  return {{x.dtype, std::move(shape)}};
}

std::vector<ValueType> concat(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  const std::size_t axis = axis_of(node, required_attribute<std::int64_t>(node, "axis"), result.shape.size());
  for (std::size_t slot = 1; slot < inputs.size(); ++slot) {
    const ValueType& other = input_type(node, inputs, slot);
    SymbolicShape rest = other.shape;
    if (rest.size() == result.shape.size()) rest[axis] = result.shape[axis];
    if (other.dtype != result.dtype || rest != result.shape) {
      fail_inference(node, to_string(result.shape) + " and " + to_string(other.shape), "equal but for the axis");
    }
    const Dim& a = result.shape[axis];
    const Dim& b = other.shape[axis];
    const std::optional<Dim> sum = plus(a, b);
    if (!sum) fail_inference(node, "sizes whose sum is too large", "at most 2^62");
    result.shape[axis] = *sum;
  }
  return {result};
}

std::vector<ValueType> pad(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  const Ints pads = input_numbers(node, inputs, 1);
  Ints axes(result.shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (inputs.size() > 3 && inputs[3].type != nullptr) axes = input_numbers(node, inputs, 3);
  if (pads.size() != 2 * axes.size()) fail_inference(node, fmt::format("{} pads", pads.size()), "two per axis");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Dim& dim = result.shape[axis_of(node, axes[i], result.shape.size())];
    const Wide extra = Wide{pads[i]} + pads[i + axes.size()];
    if (extra == 0) continue;
    dim = dim.is_symbolic() ? Dim(fmt::format("{}{:+}", dim.symbol, static_cast<std::int64_t>(extra)))
                            : Dim(checked_size(node, dim.size + extra));
  }
  return {result};
}

constexpr std::array kInferLayoutRows{
    InferRow{"Constant", constant},   InferRow{"Flatten", flatten}, InferRow{"Reshape", reshape},
    InferRow{"Transpose", transpose}, InferRow{"Concat", concat},   InferRow{"Pad", pad},
};

}  // namespace

std::span<const InferRow> layout_rules() { return kInferLayoutRows; }

}  // namespace enxerto
