#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/tensorflow/operators.h"

namespace enxerto {
namespace {

using Ints = NodeWriter::Ints;

/// A dense layer, whose weight lies (in, out) in TensorFlow.
std::string dense(const TfNode& node, NodeWriter& writer, bool turned, std::vector<std::string> more) {
  const Tensor& weight = writer.weight(node, 1);
  if (weight.shape().size() != 2) refuse_node(node, "weights that are no matrix", "(in, out)");
  const std::string& name = writer.input(node, 1).name;
  std::vector<std::string> inputs{writer.plain(node, 0),
                                  writer.parameter(name, turned ? weight : in_order(weight, {1, 0}))};
  inputs.insert(inputs.end(), more.begin(), more.end());
  return writer.add(node, "Gemm", std::move(inputs), {{"transB", std::int64_t{1}}});
}

void product(const TfNode& node, NodeWriter& writer) {
  for (const char* const first : {"transpose_a", "adj_x"})
    if (flag_attribute(node, first, false)) refuse_node(node, fmt::format("'{}'", first), "a first matrix as it is");
  const bool turned = flag_attribute(node, "transpose_b", false) || flag_attribute(node, "adj_y", false);
  const HeldValue x = writer.input(node, 0), y = writer.input(node, 1);
  if (writer.rank(x) == 2 && y.tensor) return writer.give(node, dense(node, writer, turned, {}));
  if (turned) refuse_node(node, "a second matrix that is turned", "weights, or one as it is");
  writer.give(node, writer.add(node, "MatMul", {writer.in(x, {}), writer.in(y, {})}));
}

void fused_product(const TfNode& node, NodeWriter& writer) {
  if (flag_attribute(node, "transpose_a", false)) refuse_node(node, "'transpose_a'", "a first matrix as it is");
  std::vector<std::string> fused = texts_attribute(node, "fused_ops");
  std::vector<std::string> bias;
  std::size_t next = 2;
  if (!fused.empty() && fused.front() == "BiasAdd") {
    bias.push_back(writer.parameter(writer.input(node, next).name, writer.weight(node, next)));
    fused.erase(fused.begin());
    ++next;
  }
  if (fused.size() > 1) refuse_node(node, "more than two operations fused into it", "a bias and an activation");
  const std::string layer = dense(node, writer, flag_attribute(node, "transpose_b", false), std::move(bias));
  const HeldValue made{.name = layer, .order = {}, .tensor = {}};
  const auto alpha = static_cast<float>(number_attribute(node, "leakyrelu_alpha", 0.2));
  writer.give(node, activated(node, writer, fused.empty() ? "" : fused.front(), made, next, alpha));
}

void softmax(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const std::size_t rank = writer.rank(x);
  if (rank == 0) refuse_node(node, "a single number", "at least one dimension");
  const auto axis = static_cast<std::int64_t>(held_axis(x.order, rank - 1));
  writer.give(node, writer.add(node, node.op, {writer.in(x, x.order)}, {{"axis", axis}}), x.order);
}

struct Reduction {
  std::string_view tensorflow, onnx;
};
constexpr std::array<Reduction, 5> kReductions{
    {{"Mean", "ReduceMean"}, {"Sum", "ReduceSum"}, {"Max", "ReduceMax"}, {"Min", "ReduceMin"}, {"Prod", "ReduceProd"}}};

/// A map averaged over its height and width is GlobalAveragePool, as classifiers are known by.
void reduce(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const std::size_t rank = writer.rank(x);
  const bool keeps = flag_attribute(node, "keep_dims", false);
  std::vector<bool> gone(rank, false);
  for (const std::int64_t axis : writer.integers(node, 1)) gone[axis_of(node, axis, rank)] = true;
  const DimensionOrder order = x.tensor ? DimensionOrder{} : x.order;
  Ints axes;
  for (std::size_t axis = 0; axis < rank; ++axis)
    if (gone[axis]) axes.push_back(static_cast<std::int64_t>(held_axis(order, axis)));
  std::ranges::sort(axes);
  if (axes.empty()) return writer.give(node, 0, x);
  const DimensionOrder left = keeps ? order : without_axes(order, gone);
  const std::string value = writer.in(x, order);
  if (node.op == "Mean" && rank == 4 && axes == Ints{2, 3}) {
    const std::string pooled = writer.add(node, "GlobalAveragePool", {value});
    return writer.give(node, keeps ? pooled : writer.add(node, "Flatten", {pooled}, {{"axis", std::int64_t{1}}}), left);
  }
  const auto* const row = std::ranges::find(kReductions, node.op, &Reduction::tensorflow);
  writer.give(node,
              writer.add(node, std::string(row->onnx), {value, writer.integers(node.name + "/axes", axes)},
                         {{"keepdims", std::int64_t{keeps ? 1 : 0}}}),
              left);
}

constexpr std::array kMatrix{
    TfOperatorRow{"MatMul", product},
    TfOperatorRow{"BatchMatMul", product},
    TfOperatorRow{"BatchMatMulV2", product},
    TfOperatorRow{"_FusedMatMul", fused_product},
    TfOperatorRow{"Softmax", softmax},
    TfOperatorRow{"LogSoftmax", softmax},
    TfOperatorRow{"Mean", reduce},
    TfOperatorRow{"Sum", reduce},
    TfOperatorRow{"Max", reduce},
    TfOperatorRow{"Min", reduce},
    TfOperatorRow{"Prod", reduce},
};

}  // namespace

std::span<const TfOperatorRow> tf_matrix_operators() { return kMatrix; }

}  // namespace enxerto
