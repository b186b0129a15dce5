#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/tensorflow/operators.h"

namespace enxerto {
namespace {

struct SameMeaning {
  std::string_view tensorflow, onnx;
};

constexpr std::array<SameMeaning, 18> kUnary{{{"Relu", "Relu"},
                                              {"Sigmoid", "Sigmoid"},
                                              {"Tanh", "Tanh"},
                                              {"Abs", "Abs"},
                                              {"Neg", "Neg"},
                                              {"Exp", "Exp"},
                                              {"Log", "Log"},
                                              {"Sqrt", "Sqrt"},
                                              {"Floor", "Floor"},
                                              {"Ceil", "Ceil"},
                                              {"Round", "Round"},
                                              {"Erf", "Erf"},
                                              {"Selu", "Selu"},
                                              {"Softplus", "Softplus"},
                                              {"Reciprocal", "Reciprocal"},
                                              {"Sign", "Sign"},
                                              {"Softsign", "Softsign"},
                                              {"LogicalNot", "Not"}}};
constexpr std::array<SameMeaning, 17> kBinary{{{"Add", "Add"},
                                               {"AddV2", "Add"},
                                               {"BiasAdd", "Add"},
                                               {"Sub", "Sub"},
                                               {"Mul", "Mul"},
                                               {"RealDiv", "Div"},
                                               {"Maximum", "Max"},
                                               {"Minimum", "Min"},
                                               {"Pow", "Pow"},
                                               {"Equal", "Equal"},
                                               {"Less", "Less"},
                                               {"LessEqual", "LessOrEqual"},
                                               {"Greater", "Greater"},
                                               {"GreaterEqual", "GreaterOrEqual"},
                                               {"LogicalAnd", "And"},
                                               {"LogicalOr", "Or"},
                                               {"FloorMod", "Mod"}}};

std::string meaning(std::span<const SameMeaning> rows, std::string_view op) {
  return std::string(std::ranges::find(rows, op, &SameMeaning::tensorflow)->onnx);
}

/// What a node takes, beside each other in one order of dimensions.
struct Operands {
  std::vector<std::string> names;
  DimensionOrder order;
};

/// The order of the first of the largest rank that varies; none where one of a smaller rank would have to be turned.
DimensionOrder common_order(const std::vector<const HeldValue*>& values, const NodeWriter& writer) {
  std::size_t rank = 0;
  for (const HeldValue* value : values) rank = std::max(rank, writer.rank(*value));
  const DimensionOrder* order = nullptr;
  for (const HeldValue* value : values) {
    if (value->tensor) continue;
    if (writer.rank(*value) < rank && writer.rank(*value) > 0) return {};
    if (writer.rank(*value) == rank && (order == nullptr || order->empty())) order = &value->order;
  }
  return order == nullptr ? DimensionOrder{} : *order;
}

Operands operands_of(const std::vector<const HeldValue*>& values, NodeWriter& writer) {
  Operands operands{.names = {}, .order = common_order(values, writer)};
  std::size_t rank = 0;
  for (const HeldValue* value : values) rank = std::max(rank, writer.rank(*value));
  for (const HeldValue* value : values) {
    if (value->tensor)
      operands.names.push_back(writer.written(value->name, beside(*value->tensor, rank, operands.order)));
    else
      operands.names.push_back(writer.in(*value, writer.rank(*value) == 0 ? DimensionOrder{} : operands.order));
  }
  return operands;
}

void unary(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  writer.give(node, writer.add(node, meaning(kUnary, node.op), {writer.in(x, x.order)}), x.order);
}

void binary(const TfNode& node, NodeWriter& writer) {
  const HeldValue a = writer.input(node, 0), b = writer.input(node, 1);
  const std::string op = meaning(kBinary, node.op);
  if (op == "Add" && (add_as_bias(node, writer, a, b) || (node.op != "BiasAdd" && add_as_bias(node, writer, b, a))))
    return;
  if (node.op == "BiasAdd" && text_attribute(node, "data_format", "NHWC") != "NHWC")
    refuse_node(node, "channels that are not last", "NHWC");
  const Operands operands = operands_of({&a, &b}, writer);
  writer.give(node, writer.add(node, op, operands.names), operands.order);
}

/// Mod of ONNX has the sign of the divisor for whole numbers alone.
void floor_divide(const TfNode& node, NodeWriter& writer) {
  const HeldValue a = writer.input(node, 0), b = writer.input(node, 1);
  const Operands both = operands_of({&a, &b}, writer);
  const bool whole = writer.dtype(a) == DType::i64;
  if (!whole) {
    const std::string quotient = writer.add(node, "Div", both.names);
    return writer.give(node, writer.add(node, "Floor", {quotient}), both.order);
  }
  const std::string rest = writer.add(node, "Mod", both.names);
  const std::string multiple = writer.add(node, "Sub", {both.names[0], rest});
  writer.give(node, writer.add(node, "Div", {multiple, both.names[1]}), both.order);
}

void floor_modulo(const TfNode& node, NodeWriter& writer) {
  const HeldValue a = writer.input(node, 0), b = writer.input(node, 1);
  if (writer.dtype(a) == DType::i64) return binary(node, writer);
  const Operands both = operands_of({&a, &b}, writer);
  const std::string quotient = writer.add(node, "Floor", {writer.add(node, "Div", both.names)});
  const std::string multiple = writer.add(node, "Mul", {quotient, both.names[1]});
  writer.give(node, writer.add(node, "Sub", {both.names[0], multiple}), both.order);
}

void activation(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const auto alpha = static_cast<float>(number_attribute(node, "alpha", node.op == "LeakyRelu" ? 0.2 : 1.0));
  writer.give(
      node, activated(node, writer, node.op, {.name = writer.in(x, x.order), .order = x.order, .tensor = {}}, 1, alpha),
      x.order);
}

void squared(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const std::string value = writer.in(x, x.order);
  writer.give(node, writer.add(node, "Mul", {value, value}), x.order);
}

void squared_difference(const TfNode& node, NodeWriter& writer) {
  const HeldValue a = writer.input(node, 0), b = writer.input(node, 1);
  const Operands both = operands_of({&a, &b}, writer);
  const std::string difference = writer.add(node, "Sub", both.names);
  writer.give(node, writer.add(node, "Mul", {difference, difference}), both.order);
}

void reciprocal_root(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const std::string root = writer.add(node, "Sqrt", {writer.in(x, x.order)});
  writer.give(node, writer.add(node, "Reciprocal", {root}), x.order);
}

void cast(const TfNode& node, NodeWriter& writer) {
  constexpr std::array<std::pair<DType, std::int64_t>, 3> kNumbers{
      {{DType::f32, 1}, {DType::i64, 7}, {DType::boolean, 9}}};  // of TensorProto.DataType
  const HeldValue x = writer.input(node, 0);
  const std::optional<DType> type = type_attribute(node, "DstT");
  if (!type) refuse_node(node, "an element type that is not held", "float, int or bool");
  const auto* const number = std::ranges::find(kNumbers, *type, &std::pair<DType, std::int64_t>::first);
  writer.give(node, writer.add(node, "Cast", {writer.in(x, x.order)}, {{"to", number->second}}), x.order);
}

constexpr std::array kElementwise{
    TfOperatorRow{"Relu", unary},
    TfOperatorRow{"Sigmoid", unary},
    TfOperatorRow{"Tanh", unary},
    TfOperatorRow{"Abs", unary},
    TfOperatorRow{"Neg", unary},
    TfOperatorRow{"Exp", unary},
    TfOperatorRow{"Log", unary},
    TfOperatorRow{"Sqrt", unary},
    TfOperatorRow{"Floor", unary},
    TfOperatorRow{"Ceil", unary},
    TfOperatorRow{"Round", unary},
    TfOperatorRow{"Erf", unary},
    TfOperatorRow{"Selu", unary},
    TfOperatorRow{"Softplus", unary},
    TfOperatorRow{"Softsign", unary},
    TfOperatorRow{"Reciprocal", unary},
    TfOperatorRow{"Sign", unary},
    TfOperatorRow{"LogicalNot", unary},
    TfOperatorRow{"Add", binary},
    TfOperatorRow{"AddV2", binary},
    TfOperatorRow{"BiasAdd", binary},
    TfOperatorRow{"Sub", binary},
    TfOperatorRow{"Mul", binary},
    TfOperatorRow{"RealDiv", binary},
    TfOperatorRow{"Maximum", binary},
    TfOperatorRow{"Minimum", binary},
    TfOperatorRow{"Pow", binary},
    TfOperatorRow{"Equal", binary},
    TfOperatorRow{"Less", binary},
    TfOperatorRow{"LessEqual", binary},
    TfOperatorRow{"Greater", binary},
    TfOperatorRow{"GreaterEqual", binary},
    TfOperatorRow{"LogicalAnd", binary},
    TfOperatorRow{"LogicalOr", binary},
    TfOperatorRow{"FloorDiv", floor_divide},
    TfOperatorRow{"FloorMod", floor_modulo},
    TfOperatorRow{"Relu6", activation},
    TfOperatorRow{"LeakyRelu", activation},
    TfOperatorRow{"Elu", activation},
    TfOperatorRow{"Prelu", activation},
    TfOperatorRow{"Square", squared},
    TfOperatorRow{"SquaredDifference", squared_difference},
    TfOperatorRow{"Rsqrt", reciprocal_root},
    TfOperatorRow{"Cast", cast},
};

}  // namespace

std::span<const TfOperatorRow> tf_elementwise_operators() { return kElementwise; }

bool add_as_bias(const TfNode& node, NodeWriter& writer, const HeldValue& value, const HeldValue& bias) {
  if (!bias.tensor || bias.tensor->dtype() != DType::f32 || value.tensor) return false;
  Node* const layer = writer.only_for(value);
  if (layer == nullptr || (layer->op != "Conv" && layer->op != "Gemm") || layer->inputs.size() != 2) return false;
  const std::size_t rank = writer.rank(value);
  if (bias.tensor->shape().size() > rank) return false;
  const SymbolicShape held = writer.known().type(value.name)->shape;
  const Tensor beside_it = beside(*bias.tensor, rank, value.order);
  Shape channels(rank - 1, 1);  // (channels, 1, 1) beside a map
  channels.front() = held[1].size;
  if (held[1].is_symbolic() || beside_it.shape() != channels || held[1].size < 2) return false;
  layer->inputs.push_back(writer.parameter(bias.name, beside_it.reshaped({held[1].size})));
  writer.give(node, value.name, value.order);
  return true;
}

std::string activated(const TfNode& node, NodeWriter& writer, std::string_view activation, const HeldValue& value,
                      std::size_t slope, float alpha) {
  if (activation.empty()) return value.name;
  const auto bound = [&](std::string_view which, float number) {
    return writer.constant(fmt::format("{}/{}", node.name, which), Tensor::scalar(number));
  };
  if (activation == "Relu6") return writer.add(node, "Clip", {value.name, bound("min", 0), bound("max", 6)});
  if (activation == "LeakyRelu") return writer.add(node, "LeakyRelu", {value.name}, {{"alpha", alpha}});
  if (activation == "Prelu") {
    const Tensor slopes = beside(writer.weight(node, slope), writer.rank(value), value.order);
    return writer.add(node, "PRelu", {value.name, writer.parameter(writer.input(node, slope).name, slopes)});
  }
  constexpr std::array<std::string_view, 4> kPlain{"Relu", "Elu", "Sigmoid", "Tanh"};
  if (std::ranges::find(kPlain, activation) == kPlain.end())
    refuse_node(node, fmt::format("'{}' fused into it", activation),
                "BiasAdd and Relu, Relu6, LeakyRelu, Prelu, Elu, Sigmoid or Tanh");
  return writer.add(node, std::string(activation), {value.name});
}

}  // namespace enxerto
