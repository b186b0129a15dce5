#include "enxerto/pretrained/onnx/channel_axis.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;
using Ops = std::span<const std::string_view>;

constexpr std::array<std::string_view, 6> kReshaping{"Flatten",   "Reshape",  "Squeeze",
                                                     "Unsqueeze", "Identity", "Transpose"};
constexpr std::array<std::string_view, 4> kReducing{"ReduceMean", "ReduceMax", "ReduceSum", "ReduceMin"};
constexpr std::array<std::string_view, 5> kPooling{"GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool",
                                                   "LpPool"};
/// Of (batch, channels, ..) by their definition.
constexpr std::array<std::string_view, 8> kChannelsFirst{
    "Conv", "ConvTranspose", "BatchNormalization", "InstanceNormalization", "GroupNormalization",
    "LRN",  "DepthToSpace",  "SpaceToDepth"};

bool is_one_of(std::string_view op, Ops ops) { return std::ranges::find(ops, op) != ops.end(); }

Ints permutation(const Node& node, std::size_t rank) {
  Ints reversed;
  for (std::size_t i = rank; i-- > 0;) reversed.push_back(static_cast<std::int64_t>(i));
  return attribute<Ints>(node, "perm", reversed);
}

/// Where a dimension goes when a value is laid out in another shape: the one of the same size with as much before it.
std::optional<std::size_t> same_place(const SymbolicShape& from, std::size_t axis, const SymbolicShape& to) {
  const auto before = [](const SymbolicShape& shape, std::size_t end) -> std::int64_t {
    std::int64_t count = 1;
    for (std::size_t i = 1; i < end; ++i) count *= shape[i].is_symbolic() ? 0 : shape[i].size;
    return count;
  };
  if (axis == 0 || axis >= from.size() || to.empty() || from[0] != to[0] || from[axis].is_symbolic())
    return std::nullopt;
  const std::int64_t wanted = before(from, axis);
  for (std::size_t i = 1; i < to.size() && wanted > 0; ++i)
    if (to[i] == from[axis] && before(to, i) == wanted) return i;
  return std::nullopt;
}

/// The dimension of the input that a reduction leaves at `axis` of its output.
std::optional<std::size_t> kept_by(const GraphValues& values, const Node& node, std::size_t axis) {
  const std::size_t rank = values.shape(node.inputs[0]).size();
  const Tensor* axes = node.inputs.size() > 1 ? values.tensor(node.inputs[1]) : nullptr;
  if (axes == nullptr || axes->dtype() != DType::i64) return std::nullopt;
  std::vector<bool> reduced(rank);
  for (const std::int64_t one : axes->as<std::int64_t>())
    reduced.at(to_size(one < 0 ? one + static_cast<std::int64_t>(rank) : one)) = true;
  if (attribute<std::int64_t>(node, "keepdims", 1) != 0)
    return axis < rank && !reduced[axis] ? std::optional(axis) : std::nullopt;
  for (std::size_t i = 0, kept = 0; i < rank; ++i)
    if (!reduced[i] && kept++ == axis) return i;
  return std::nullopt;
}

/// The dimension along which a vector of weights is laid: that of channels.
std::optional<std::size_t> axis_of_vector(const GraphValues& values, const Node& node, std::size_t rank) {
  for (const std::string& input : node.inputs) {
    if (!values.is_trained(input)) continue;
    const SymbolicShape& shape = values.shape(input);
    std::vector<std::size_t> wide;
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (shape[i] != Dim(1)) wide.push_back(i + rank - shape.size());
    if (shape.size() <= rank && wide.size() == 1 && wide[0] > 0) return wide[0];
  }
  return std::nullopt;
}

}  // namespace

bool is_reshaping(const Node& node) { return is_one_of(node.op, kReshaping); }

std::optional<std::size_t> axis_before(const GraphValues& values, const Node& node, std::size_t axis) {
  const SymbolicShape& before = values.shape(node.inputs[0]);
  const SymbolicShape& after = values.shape(node.outputs[0]);
  if (node.op == "Transpose") {
    const Ints turned = permutation(node, before.size());
    return axis < turned.size() ? std::optional(to_size(turned[axis])) : std::nullopt;
  }
  if (is_reshaping(node)) return same_place(after, axis, before);
  if (is_one_of(node.op, kReducing)) return kept_by(values, node, axis);
  if (is_one_of(node.op, kPooling)) return axis == 1 ? std::optional(axis) : std::nullopt;
  return std::nullopt;
}

std::optional<std::size_t> channel_axis(const GraphValues& values, const std::string& value) {
  const auto made = values.maker(value);
  if (!made) return values.shape(value).size() == 4 ? std::optional<std::size_t>(1) : std::nullopt;  // the picture
  const Node& node = values.graph().nodes[*made];
  const SymbolicShape& shape = values.shape(value);
  if (is_one_of(node.op, kChannelsFirst) || is_one_of(node.op, kPooling)) return 1;
  const bool multiplies = node.op == "MatMul" || node.op == "Gemm";
  if (multiplies && values.holds_parameters(*made)) return shape.size() - 1;
  if (node.op == "LayerNormalization") return shape.size() - 1;
  if (node.inputs.empty()) return std::nullopt;
  if (is_reshaping(node)) {
    const std::optional<std::size_t> before = channel_axis(values, node.inputs[0]);
    if (!before) return std::nullopt;
    if (node.op != "Transpose") return same_place(values.shape(node.inputs[0]), *before, shape);
    const Ints turned = permutation(node, shape.size());
    return to_size(std::ranges::find(turned, static_cast<std::int64_t>(*before)) - turned.begin());
  }
  if (const auto axis = axis_of_vector(values, node, shape.size())) return axis;
  const auto like = std::ranges::find_if(node.inputs, [&](const std::string& input) {
    return !input.empty() && values.varies(input) && values.shape(input) == shape;
  });
  return like == node.inputs.end() || multiplies ? std::nullopt : channel_axis(values, *like);
}

}  // namespace enxerto
