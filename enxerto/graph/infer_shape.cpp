#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// The input whose numbers are a shape.
SymbolicShape shape_in(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  SymbolicShape shape;
  for (const Number& number : input_symbols(node, inputs, slot)) {
    const std::optional<Dim> dim = dim_of(number);
    if (!dim) fail_inference(node, "a shape with a negative size", "sizes");
    shape.push_back(*dim);
  }
  return shape;
}

std::vector<ValueType> shape_of(const Node& node, std::span<const InferInput> inputs) {
  const auto rank = static_cast<std::int64_t>(input_type(node, inputs, 0).shape.size());
  const auto placed = [rank](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t begin = placed(std::max(attribute<std::int64_t>(node, "start", 0), -rank));
  const std::int64_t end = placed(std::max(attribute<std::int64_t>(node, "end", rank), -rank));
  return {{DType::i64, {std::max<std::int64_t>(0, end - begin)}}};
}

std::vector<ValueType> size_of_input(const Node& node, std::span<const InferInput> inputs) {
  input_type(node, inputs, 0);
  return {{DType::i64, {}}};
}

std::vector<ValueType> squeeze(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  std::set<std::size_t> axes;
  if (has_input(inputs, 1)) {
    for (const std::int64_t axis : input_numbers(node, inputs, 1)) axes.insert(axis_of(node, axis, x.shape.size()));
  } else {
    for (std::size_t i = 0; i < x.shape.size(); ++i)
      if (x.shape[i] == Dim(1)) axes.insert(i);
  }
  SymbolicShape shape;
  for (std::size_t i = 0; i < x.shape.size(); ++i) {
    if (!axes.contains(i)) shape.push_back(x.shape[i]);
    if (axes.contains(i) && !x.shape[i].is_symbolic() && x.shape[i].size != 1) {
      fail_inference(node, fmt::format("axis {} of {}", i, to_string(x.shape)), "an axis of size 1");
    }
  }
  return {{x.dtype, std::move(shape)}};
}

std::vector<ValueType> unsqueeze(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const Ints wanted = input_numbers(node, inputs, 1);
  const std::size_t rank = x.shape.size() + wanted.size();
  std::set<std::size_t> axes;
  for (const std::int64_t axis : wanted) axes.insert(axis_of(node, axis, rank));
  if (axes.size() != wanted.size()) fail_inference(node, "an axis twice", "each axis once");
  SymbolicShape shape;
  auto next = x.shape.begin();
  for (std::size_t i = 0; i < rank; ++i) shape.push_back(axes.contains(i) ? Dim(1) : *next++);
  return {{x.dtype, std::move(shape)}};
}

std::vector<ValueType> expand(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  return {{x.dtype, broadcast(node, x.shape, shape_in(node, inputs, 1))}};
}

std::vector<ValueType> tile(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  const SymbolicShape repeats = shape_in(node, inputs, 1);
  if (repeats.size() != result.shape.size()) {
    fail_inference(node, fmt::format("{} repeats", repeats.size()), "one per dimension");
  }
  for (std::size_t i = 0; i < repeats.size(); ++i) {
    const std::array<Dim, 2> factors{result.shape[i], repeats[i]};
    result.shape[i] = product(node, factors);
  }
  return {result};
}

std::vector<ValueType> constant_of_shape(const Node& node, std::span<const InferInput> inputs) {
  const Tensor* value = find_attribute<Tensor>(node, "value");
  return {{value == nullptr ? DType::f32 : value->dtype(), shape_in(node, inputs, 0)}};
}

std::vector<ValueType> range(const Node& node, std::span<const InferInput> inputs) {
  const DType dtype = input_type(node, inputs, 0).dtype;
  std::array<Number, 3> bounds;
  for (std::size_t slot = 0; slot < 3; ++slot) {
    const std::vector<Number> numbers = input_symbols(node, inputs, slot);
    if (numbers.size() != 1) fail_inference(node, fmt::format("{} bounds", numbers.size()), "one number per input");
    bounds.at(slot) = numbers[0];
  }
  const auto& [start, limit, delta] = bounds;
  if (!start.is_symbolic() && !delta.is_symbolic() && start.value == 0 && delta.value == 1 && limit.is_symbolic()) {
    return {{dtype, {Dim(limit.symbol)}}};
  }
  if (start.is_symbolic() || limit.is_symbolic() || delta.is_symbolic() || delta.value == 0) {
    fail_inference(node, "bounds that are computed at run time", "numbers, and a step other than 0");
  }
  const long double count = std::ceil((limit.value - start.value) / delta.value);
  if (!(count < 4.6e18L)) fail_inference(node, "too many numbers", "at most 2^62");
  return {{dtype, {Dim(count < 0 ? 0 : static_cast<std::int64_t>(count))}}};
}

constexpr std::array kInferShapeRows{
    InferRow{"ConstantOfShape", constant_of_shape},
    InferRow{"Expand", expand},
    InferRow{"Range", range},
    InferRow{"Shape", shape_of},
    InferRow{"Size", size_of_input},
    InferRow{"Squeeze", squeeze},
    InferRow{"Tile", tile},
    InferRow{"Unsqueeze", unsqueeze},
};

}  // namespace

std::span<const InferRow> shape_rules() { return kInferShapeRows; }

}  // namespace enxerto
