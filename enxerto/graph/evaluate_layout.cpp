#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/evaluate_rules.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

/// The shape of the node's output, where it is fixed and small.
std::optional<Shape> output_shape(const Node& node, std::span<const InferInput> inputs) {
  const std::vector<ValueType> outputs = infer_node(node, inputs);
  Shape shape;
  for (const Dim& dim : outputs.front().shape) {
    if (dim.is_symbolic()) return std::nullopt;
    shape.push_back(dim.size);
  }
  return element_count(shape) <= kMostNumbers ? std::optional(std::move(shape)) : std::nullopt;
}

std::optional<Numbers> evaluate_shape_of(const Node& node, std::span<const InferInput> inputs) {
  const SymbolicShape& shape = input_type(node, inputs, 0).shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto start = attribute<std::int64_t>(node, "start", 0);
  const std::int64_t begin = std::clamp<std::int64_t>(start < 0 ? std::max(start, -rank) + rank : start, 0, rank);
  const std::int64_t count = infer_node(node, inputs).front().shape[0].size;
  Numbers numbers{.dtype = DType::i64, .shape = {count}, .values = {}};
  for (std::int64_t i = begin; i < begin + count; ++i) {
    numbers.values.push_back(number_of(shape[to_size(i)]));
  }
  return numbers;
}

std::optional<Numbers> evaluate_size_of_input(const Node& node, std::span<const InferInput> inputs) {
  return Numbers{
      .dtype = DType::i64, .shape = {}, .values = {number_of(product(node, input_type(node, inputs, 0).shape))}};
}

/// The same numbers under another shape.
std::optional<Numbers> same_order(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr) return std::nullopt;
  const std::optional<Shape> shape = output_shape(node, inputs);
  if (!shape || element_count(*shape) != x->values.size()) return std::nullopt;
  return Numbers{.dtype = x->dtype, .shape = *shape, .values = x->values};
}

std::optional<Numbers> evaluate_expand(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr || x->values.size() != 1) return std::nullopt;
  const std::optional<Shape> shape = output_shape(node, inputs);
  if (!shape) return std::nullopt;
  return Numbers{
      .dtype = x->dtype, .shape = *shape, .values = std::vector<Number>(element_count(*shape), x->values[0])};
}

std::optional<Numbers> evaluate_constant_of_shape(const Node& node, std::span<const InferInput> inputs) {
  const std::optional<Shape> shape = output_shape(node, inputs);
  const Tensor* value = find_attribute<Tensor>(node, "value");
  const auto fill = numbers_of(value == nullptr ? Tensor::scalar(0.0F) : *value);
  if (!shape || !fill || fill->values.size() != 1) return std::nullopt;
  return Numbers{
      .dtype = fill->dtype, .shape = *shape, .values = std::vector<Number>(element_count(*shape), fill->values[0])};
}

std::optional<Numbers> evaluate_range(const Node& node, std::span<const InferInput> inputs) {
  const std::optional<Shape> shape = output_shape(node, inputs);
  const Numbers* start = known_numbers(inputs, 0);
  const Numbers* delta = known_numbers(inputs, 2);
  if (!shape || start == nullptr || delta == nullptr || !start->is_fixed() || !delta->is_fixed()) return std::nullopt;
  if (start->dtype != DType::i64 && start->dtype != DType::i32) return std::nullopt;
  Numbers numbers{.dtype = start->dtype, .shape = *shape, .values = {}};
  for (std::size_t i = 0; i < element_count(*shape); ++i) {
    numbers.values.push_back(
        {.value = start->values[0].value + static_cast<long double>(i) * delta->values[0].value, .symbol = {}});
  }
  return numbers;
}

/// Sum, product, least or largest of a whole vector.
std::optional<Numbers> evaluate_reduce(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr || x->shape.size() != 1 || x->values.empty()) return std::nullopt;
  const std::optional<Shape> shape = output_shape(node, inputs);
  if (!shape || element_count(*shape) != 1) return std::nullopt;
  if (node.op == "ReduceProd" && !x->is_fixed()) {
    Dim whole = 1;
    for (const Number& number : x->values) {
      const std::optional<Dim> factor = dim_of(number);
      const std::optional<Dim> next = factor ? times(whole, *factor) : std::nullopt;
      if (!next) return std::nullopt;
      whole = *next;
    }
    return Numbers{.dtype = x->dtype, .shape = *shape, .values = {number_of(whole)}};
  }
  if (!x->is_fixed()) return std::nullopt;
  long double value = x->values[0].value;
  for (std::size_t i = 1; i < x->values.size(); ++i) {
    const long double next = x->values[i].value;
    if (node.op == "ReduceProd") value *= next;
    if (node.op == "ReduceSum") value += next;
    if (node.op == "ReduceMax") value = std::max(value, next);
    if (node.op == "ReduceMin") value = std::min(value, next);
  }
  if (!(std::abs(value) < 9.2e18L)) return std::nullopt;
  return Numbers{.dtype = x->dtype, .shape = *shape, .values = {{.value = value, .symbol = {}}}};
}

constexpr std::array kEvaluateLayoutRows{
    EvaluateRow{"Shape", evaluate_shape_of},
    EvaluateRow{"Size", evaluate_size_of_input},
    EvaluateRow{"Identity", same_order},
    EvaluateRow{"Reshape", same_order},
    EvaluateRow{"Flatten", same_order},
    EvaluateRow{"Squeeze", same_order},
    EvaluateRow{"Unsqueeze", same_order},
    EvaluateRow{"Expand", evaluate_expand},
    EvaluateRow{"ConstantOfShape", evaluate_constant_of_shape},
    EvaluateRow{"Range", evaluate_range},
    EvaluateRow{"ReduceProd", evaluate_reduce},
    EvaluateRow{"ReduceSum", evaluate_reduce},
    EvaluateRow{"ReduceMax", evaluate_reduce},
    EvaluateRow{"ReduceMin", evaluate_reduce},
};

}  // namespace

std::span<const EvaluateRow> evaluate_layout_rules() { return kEvaluateLayoutRows; }

}  // namespace enxerto
