#include <algorithm>
#include <array>
#include <numeric>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/evaluate_rules.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/slice_range.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// `x` in another order: element `index` of the result is the one at `begin + sum of index * step` of `x`.
Numbers strided(const Numbers& x, const Shape& shape, const Ints& steps, std::int64_t begin) {
  Numbers result{.dtype = x.dtype, .shape = shape, .values = {}};
  for_each_index(shape, [&](std::span<const std::int64_t> index) {
    const std::int64_t place = std::inner_product(index.begin(), index.end(), steps.begin(), begin);
    result.values.push_back(x.values[to_size(place)]);
  });
  return result;
}

std::optional<Numbers> evaluate_slice(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  const auto starts = whole_numbers(inputs, 1);
  const auto ends = whole_numbers(inputs, 2);
  if (x == nullptr || !starts || !ends || starts->size() != ends->size()) return std::nullopt;
  infer_node(node, inputs);  // all lengths and axes are as they should be
  Ints axes(starts->size());
  std::iota(axes.begin(), axes.end(), 0);
  axes = whole_numbers(inputs, 3).value_or(axes);
  const Ints by = whole_numbers(inputs, 4).value_or(Ints(starts->size(), 1));
  Shape shape = x->shape;
  Ints steps = strides_of(shape);
  const Ints strides = steps;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = axis_of(node, axes[i], shape.size());
    const SliceRange range = slice_range({.start = (*starts)[i], .end = (*ends)[i], .step = by[i]}, x->shape[axis]);
    shape[axis] = range.count;
    begin += range.begin * strides[axis];
    // A step beyond the axis is never taken; left as it is, its product could overflow.
    steps[axis] = strides[axis] * (range.count > 1 ? range.step : 0);
  }
  return strided(*x, shape, steps, begin);
}

std::optional<Numbers> evaluate_transpose(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  if (x == nullptr) return std::nullopt;
  infer_node(node, inputs);
  Ints order(x->shape.size());
  std::iota(order.rbegin(), order.rend(), 0);
  order = attribute<Ints>(node, "perm", order);
  const Ints strides = strides_of(x->shape);
  Shape shape;
  Ints steps;
  for (const std::int64_t axis : order) {
    shape.push_back(x->shape[to_size(axis)]);
    steps.push_back(strides[to_size(axis)]);
  }
  return strided(*x, shape, steps, 0);
}

std::optional<Numbers> evaluate_gather(const Node& node, std::span<const InferInput> inputs) {
  const Numbers* x = known_numbers(inputs, 0);
  const auto indices = whole_numbers(inputs, 1);
  if (x == nullptr || !indices || x->shape.empty()) return std::nullopt;
  const std::size_t axis = axis_of(node, attribute<std::int64_t>(node, "axis", 0), x->shape.size());
  const Shape& places = inputs[1].numbers->shape;
  Shape shape(x->shape.begin(), x->shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), places.begin(), places.end());
  shape.insert(shape.end(), x->shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x->shape.end());
  if (element_count(shape) > kMostNumbers) return std::nullopt;
  const std::int64_t size = x->shape[axis];
  const std::int64_t inner = strides_of(x->shape)[axis];
  const std::size_t outer = x->values.size() / std::max<std::size_t>(1, to_size(size * inner));
  Numbers result{.dtype = x->dtype, .shape = shape, .values = {}};
  for (std::size_t block = 0; block < outer; ++block) {
    for (const std::int64_t index : *indices) {
      if (index < -size || index >= size) return std::nullopt;
      const std::int64_t from =
          static_cast<std::int64_t>(block) * size * inner + (index < 0 ? index + size : index) * inner;
      const auto first = x->values.begin() + from;
      result.values.insert(result.values.end(), first, first + inner);
    }
  }
  return result;
}

std::optional<Numbers> evaluate_concat(const Node& node, std::span<const InferInput> inputs) {
  std::size_t count = 0;
  for (std::size_t slot = 0; slot < inputs.size(); ++slot) {
    const Numbers* part = known_numbers(inputs, slot);
    if (part == nullptr || part->dtype != inputs[0].numbers->dtype) return std::nullopt;
    count += part->values.size();
  }
  if (inputs.empty() || count > kMostNumbers) return std::nullopt;
  const SymbolicShape type = infer_node(node, inputs).front().shape;
  Numbers result{.dtype = inputs[0].numbers->dtype, .shape = {}, .values = {}};
  for (const Dim& dim : type) result.shape.push_back(dim.size);
  const std::size_t axis = axis_of(node, required_attribute<std::int64_t>(node, "axis"), type.size());
  std::size_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= to_size(type[i].size);
  for (std::size_t block = 0; block < outer; ++block) {
    for (const InferInput& input : inputs) {
      const std::vector<Number>& values = input.numbers->values;
      const std::size_t length = values.size() / outer;
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(block * length);
      result.values.insert(result.values.end(), first, first + static_cast<std::ptrdiff_t>(length));
    }
  }
  return result;
}

constexpr std::array kEvaluateIndexRows{
    EvaluateRow{"Slice", evaluate_slice},
    EvaluateRow{"Transpose", evaluate_transpose},
    EvaluateRow{"Gather", evaluate_gather},
    EvaluateRow{"Concat", evaluate_concat},
};

}  // namespace

std::span<const EvaluateRow> evaluate_index_rules() { return kEvaluateIndexRows; }

}  // namespace enxerto
