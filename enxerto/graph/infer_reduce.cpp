#include <array>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

SymbolicShape without(const SymbolicShape& shape, const std::vector<bool>& reduced, bool keep) {
  SymbolicShape rest;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (!reduced[i]) rest.push_back(shape[i]);
    if (reduced[i] && keep) rest.emplace_back(1);
  }
  return rest;
}

std::vector<ValueType> reduce(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const bool keep = attribute<std::int64_t>(node, "keepdims", 1) != 0;
  std::vector<std::int64_t> axes;
  if (has_input(inputs, 1)) axes = input_numbers(node, inputs, 1);
  if (axes.empty() && attribute<std::int64_t>(node, "noop_with_empty_axes", 0) != 0) return {x};
  std::vector<bool> reduced(x.shape.size(), axes.empty());
  for (const std::int64_t axis : axes) reduced[axis_of(node, axis, x.shape.size())] = true;
  return {{x.dtype, without(x.shape, reduced, keep)}};
}

std::vector<ValueType> arg_extreme(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const bool keep = attribute<std::int64_t>(node, "keepdims", 1) != 0;
  std::vector<bool> reduced(x.shape.size(), false);
  reduced[axis_of(node, attribute<std::int64_t>(node, "axis", 0), x.shape.size())] = true;
  return {{DType::i64, without(x.shape, reduced, keep)}};
}

constexpr std::array kInferReduceRows{
    InferRow{"ArgMax", arg_extreme}, InferRow{"ArgMin", arg_extreme},  InferRow{"ReduceL1", reduce},
    InferRow{"ReduceL2", reduce},    InferRow{"ReduceLogSum", reduce}, InferRow{"ReduceLogSumExp", reduce},
    InferRow{"ReduceMax", reduce},   InferRow{"ReduceMean", reduce},   InferRow{"ReduceMin", reduce},
    InferRow{"ReduceProd", reduce},  InferRow{"ReduceSum", reduce},    InferRow{"ReduceSumSquare", reduce},
};

}  // namespace

std::span<const InferRow> reduce_rules() { return kInferReduceRows; }

}  // namespace enxerto
