#include <array>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

std::vector<ValueType> same_as_input(const Node& node, std::span<const InferInput> inputs) {
  return {input_type(node, inputs, 0)};
}

std::vector<ValueType> truth(const Node& node, std::span<const InferInput> inputs) {
  return {{DType::boolean, input_type(node, inputs, 0).shape}};
}

/// Normalisations with one scale and one shift a channel, or a group of them.
std::vector<ValueType> channel_normalization(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  if (x.shape.size() < 3) fail_inference(node, "an input of shape " + to_string(x.shape), "(N, C, D1, ..)");
  const Dim count =
      node.op == "GroupNormalization" ? Dim(required_attribute<std::int64_t>(node, "num_groups")) : x.shape[1];
  for (std::size_t slot = 1; slot <= 2; ++slot) {
    const SymbolicShape& shape = input_type(node, inputs, slot).shape;
    if (shape != SymbolicShape{count}) {
      fail_inference(node, "a scale or shift of shape " + to_string(shape), to_string(SymbolicShape{count}));
    }
  }
  return {x};
}

std::vector<ValueType> quantize(const Node& node, std::span<const InferInput> inputs) {
  const DType dtype = has_input(inputs, 2) ? inputs[2].type->dtype : DType::u8;
  return {{dtype, input_type(node, inputs, 0).shape}};
}

std::vector<ValueType> dequantize(const Node& node, std::span<const InferInput> inputs) {
  return {{input_type(node, inputs, 1).dtype, input_type(node, inputs, 0).shape}};
}

constexpr std::array kInferUnaryRows{
    InferRow{"Acos", same_as_input},
    InferRow{"Acosh", same_as_input},
    InferRow{"Asin", same_as_input},
    InferRow{"Asinh", same_as_input},
    InferRow{"Atan", same_as_input},
    InferRow{"Atanh", same_as_input},
    InferRow{"BitwiseNot", same_as_input},
    InferRow{"Ceil", same_as_input},
    InferRow{"Celu", same_as_input},
    InferRow{"Cos", same_as_input},
    InferRow{"Cosh", same_as_input},
    InferRow{"CumSum", same_as_input},
    InferRow{"DequantizeLinear", dequantize},
    InferRow{"Dropout", same_as_input},
    InferRow{"Floor", same_as_input},
    InferRow{"GroupNormalization", channel_normalization},
    InferRow{"Hardmax", same_as_input},
    InferRow{"InstanceNormalization", channel_normalization},
    InferRow{"IsInf", truth},
    InferRow{"IsNaN", truth},
    InferRow{"LRN", same_as_input},
    InferRow{"LpNormalization", same_as_input},
    InferRow{"MeanVarianceNormalization", same_as_input},
    InferRow{"Mish", same_as_input},
    InferRow{"Not", truth},
    InferRow{"QuantizeLinear", quantize},
    InferRow{"Reciprocal", same_as_input},
    InferRow{"Round", same_as_input},
    InferRow{"ScatterElements", same_as_input},
    InferRow{"ScatterND", same_as_input},
    InferRow{"Selu", same_as_input},
    InferRow{"Shrink", same_as_input},
    InferRow{"Sign", same_as_input},
    InferRow{"Sin", same_as_input},
    InferRow{"Sinh", same_as_input},
    InferRow{"Softplus", same_as_input},
    InferRow{"Softsign", same_as_input},
    InferRow{"Tan", same_as_input},
    InferRow{"ThresholdedRelu", same_as_input},
    InferRow{"Trilu", same_as_input},
};

}  // namespace

std::span<const InferRow> unary_rules() { return kInferUnaryRows; }

}  // namespace enxerto
