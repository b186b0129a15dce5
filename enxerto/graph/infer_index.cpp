#include <array>
#include <cstdint>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/slice_range.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// What is left of a dimension whose size is known at run time only.
Dim sliced_symbol(const Dim& dim, const SliceBounds& bounds) {
  constexpr std::int64_t kEnd = std::numeric_limits<std::int32_t>::max();
  if (bounds.start == 0 && bounds.end >= kEnd && bounds.step == 1) return dim;
  if (bounds.start >= kEnd && bounds.end <= -kEnd && bounds.step == -1) return dim;
  return fmt::format("slice({},{},{},{})", dim.symbol, bounds.start, bounds.end, bounds.step);
}

std::vector<ValueType> slice(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  const Ints starts = input_numbers(node, inputs, 1);
  const std::vector<Number> ends = input_symbols(node, inputs, 2);
  Ints axes(starts.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (has_input(inputs, 3)) axes = input_numbers(node, inputs, 3);
  const Ints steps = has_input(inputs, 4) ? input_numbers(node, inputs, 4) : Ints(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    fail_inference(node, "bounds of different lengths", "one start, end, axis and step for each slice");
  }
  for (std::size_t i = 0; i < starts.size(); ++i) {
    Dim& dim = result.shape[axis_of(node, axes[i], result.shape.size())];
    if (steps[i] == 0) fail_inference(node, "a step of 0", "another step");
    if (ends[i].is_symbolic() && starts[i] == 0 && steps[i] == 1) {
      dim = ends[i].symbol;
      continue;
    }
    if (ends[i].is_symbolic()) fail_inference(node, "an end that is computed at run time", "a number");
    const SliceBounds bounds{.start = starts[i], .end = static_cast<std::int64_t>(ends[i].value), .step = steps[i]};
    dim = dim.is_symbolic() ? sliced_symbol(dim, bounds) : Dim(slice_range(bounds, dim.size).count);
  }
  return {result};
}

std::vector<ValueType> gather_elements(const Node& node, std::span<const InferInput> inputs) {
  return {{input_type(node, inputs, 0).dtype, input_type(node, inputs, 1).shape}};
}

std::vector<ValueType> gather_nd(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const SymbolicShape& indices = input_type(node, inputs, 1).shape;
  const auto batch = attribute<std::int64_t>(node, "batch_dims", 0);
  if (indices.empty() || indices.back().is_symbolic() || batch < 0 || indices.back().size < 1 ||
      Wide{batch} + indices.back().size > static_cast<Wide>(x.shape.size())) {
    fail_inference(node, fmt::format("indices of shape {} into {}", to_string(indices), to_string(x.shape)),
                   "at most one number per dimension in an index");
  }
  SymbolicShape shape(indices.begin(), indices.end() - 1);
  shape.insert(shape.end(), x.shape.begin() + static_cast<std::ptrdiff_t>(batch + indices.back().size), x.shape.end());
  return {{x.dtype, std::move(shape)}};
}

std::vector<ValueType> one_hot(const Node& node, std::span<const InferInput> inputs) {
  SymbolicShape shape = input_type(node, inputs, 0).shape;
  const std::vector<Number> depth = input_symbols(node, inputs, 1);
  const std::optional<Dim> size = depth.size() == 1 ? dim_of(depth[0]) : std::nullopt;
  if (!size) fail_inference(node, "an invalid depth", "one size");
  const std::size_t axis = axis_of(node, attribute<std::int64_t>(node, "axis", -1), shape.size() + 1);
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), *size);
  return {{input_type(node, inputs, 2).dtype, std::move(shape)}};
}

std::vector<ValueType> top_k(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  const std::vector<Number> count = input_symbols(node, inputs, 1);
  const std::optional<Dim> size = count.size() == 1 ? dim_of(count[0]) : std::nullopt;
  if (!size) fail_inference(node, "an invalid K", "one number");
  result.shape[axis_of(node, attribute<std::int64_t>(node, "axis", -1), result.shape.size())] = *size;
  return {result, {DType::i64, result.shape}};
}

constexpr std::array kInferIndexRows{
    InferRow{"Slice", slice},        InferRow{"GatherElements", gather_elements},
    InferRow{"GatherND", gather_nd}, InferRow{"OneHot", one_hot},
    InferRow{"TopK", top_k},
};

}  // namespace

std::span<const InferRow> index_rules() { return kInferIndexRows; }

}  // namespace enxerto
