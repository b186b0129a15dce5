#include <array>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

std::vector<ValueType> same(const Node& node, std::span<const InferInput> inputs) {
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

constexpr std::array kRows{
    InferRow{"Acos", same},
    InferRow{"Acosh", same},
    InferRow{"Asin", same},
    InferRow{"Asinh", same},
    InferRow{"Atan", same},
    InferRow{"Atanh", same},
    InferRow{"BitwiseNot", same},
    InferRow{"Ceil", same},
    InferRow{"Celu", same},
    InferRow{"Cos", same},
    InferRow{"Cosh", same},
    InferRow{"CumSum", same},
    InferRow{"DequantizeLinear", dequantize},
    InferRow{"Dropout", same},
    InferRow{"Floor", same},
    InferRow{"GroupNormalization", channel_normalization},
    InferRow{"Hardmax", same},
    InferRow{"InstanceNormalization", channel_normalization},
    InferRow{"IsInf", truth},
    InferRow{"IsNaN", truth},
    InferRow{"LRN", same},
    InferRow{"LpNormalization", same},
    InferRow{"MeanVarianceNormalization", same},
    InferRow{"Mish", same},
    InferRow{"Not", truth},
    InferRow{"QuantizeLinear", quantize},
    InferRow{"Reciprocal", same},
    InferRow{"Round", same},
    InferRow{"ScatterElements", same},
    InferRow{"ScatterND", same},
    InferRow{"Selu", same},
    InferRow{"Shrink", same},
    InferRow{"Sign", same},
    InferRow{"Sin", same},
    InferRow{"Sinh", same},
    InferRow{"Softplus", same},
    InferRow{"Softsign", same},
    InferRow{"Tan", same},
    InferRow{"ThresholdedRelu", same},
    InferRow{"Trilu", same},
};

}  // namespace

std::span<const InferRow> unary_rules() { return kRows; }

}  // namespace enxerto
