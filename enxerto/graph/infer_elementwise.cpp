#include <array>

#include <fmt/format.h>

#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

std::vector<ValueType> same(const Node& node, std::span<const InferInput> inputs) {
  return {input_type(node, inputs, 0)};
}

std::vector<ValueType> stretched_arithmetic(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  for (std::size_t slot = 1; slot < inputs.size(); ++slot) {
    const ValueType& other = input_type(node, inputs, slot);
    if (other.dtype != result.dtype) {
      fail_inference(node, fmt::format("{} and {}", name_of(result.dtype), name_of(other.dtype)), "one element type");
    }
    result.shape = broadcast(node, result.shape, other.shape);
  }
  return {result};
}

std::vector<ValueType> batch_normalization(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  if (x.shape.size() < 2) fail_inference(node, "an input of shape " + to_string(x.shape), "(N, C, ..)");
  for (std::size_t slot = 1; slot <= 4; ++slot) {
    const SymbolicShape& shape = input_type(node, inputs, slot).shape;
    if (shape != SymbolicShape{x.shape[1]}) {
      fail_inference(node, fmt::format("input {} of shape {}", slot, to_string(shape)),
                     to_string(SymbolicShape{x.shape[1]}));
    }
  }
  return {x};
}

constexpr std::array kInferElementwiseRows{
    InferRow{"Relu", same},
    InferRow{"LeakyRelu", same},
    InferRow{"Elu", same},
    InferRow{"Clip", same},
    InferRow{"Sigmoid", same},
    InferRow{"HardSigmoid", same},
    InferRow{"HardSwish", same},
    InferRow{"Tanh", same},
    InferRow{"Erf", same},
    InferRow{"Gelu", same},
    InferRow{"Exp", same},
    InferRow{"Log", same},
    InferRow{"Neg", same},
    InferRow{"Abs", same},
    InferRow{"Sqrt", same},
    InferRow{"Identity", same},
    InferRow{"Softmax", same},
    InferRow{"LogSoftmax", same},
    InferRow{"LayerNormalization", same},
    InferRow{"BatchNormalization", batch_normalization},
    InferRow{"Add", stretched_arithmetic},
    InferRow{"Sub", stretched_arithmetic},
    InferRow{"Mul", stretched_arithmetic},
    InferRow{"Div", stretched_arithmetic},
    InferRow{"Max", stretched_arithmetic},
    InferRow{"Min", stretched_arithmetic},
    InferRow{"PRelu", stretched_arithmetic},
};

}  // namespace

std::span<const InferRow> elementwise_rules() { return kInferElementwiseRows; }

}  // namespace enxerto
