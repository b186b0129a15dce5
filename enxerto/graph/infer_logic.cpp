#include <array>

#include <fmt/format.h>

#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

/// The shape that all inputs from `first` on stretch to; they are of one element type.
SymbolicShape common_shape(const Node& node, std::span<const InferInput> inputs, std::size_t first) {
  const ValueType& lead = input_type(node, inputs, first);
  SymbolicShape shape = lead.shape;
  for (std::size_t slot = first + 1; slot < inputs.size(); ++slot) {
    const ValueType& other = input_type(node, inputs, slot);
    if (other.dtype != lead.dtype) {
      fail_inference(node, fmt::format("{} and {}", name_of(lead.dtype), name_of(other.dtype)), "one element type");
    }
    shape = broadcast(node, shape, other.shape);
  }
  return shape;
}

std::vector<ValueType> stretched(const Node& node, std::span<const InferInput> inputs) {
  return {{input_type(node, inputs, 0).dtype, common_shape(node, inputs, 0)}};
}

std::vector<ValueType> comparison(const Node& node, std::span<const InferInput> inputs) {
  input_type(node, inputs, 1);
  return {{DType::boolean, common_shape(node, inputs, 0)}};
}

std::vector<ValueType> power(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  return {{x.dtype, broadcast(node, x.shape, input_type(node, inputs, 1).shape)}};
}

std::vector<ValueType> where(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& condition = input_type(node, inputs, 0);
  if (condition.dtype != DType::boolean) {
    fail_inference(node, fmt::format("a condition of {}", name_of(condition.dtype)), "bool");
  }
  return {{input_type(node, inputs, 1).dtype, broadcast(node, condition.shape, common_shape(node, inputs, 1))}};
}

std::vector<ValueType> cast(const Node& node, std::span<const InferInput> inputs) {
  const std::optional<DType> dtype = cast_type(node);
  if (!dtype) fail_inference(node, "a cast to an unsupported type", "a type of 8 bits or more, no string");
  return {{*dtype, input_type(node, inputs, 0).shape}};
}

std::vector<ValueType> cast_like(const Node& node, std::span<const InferInput> inputs) {
  return {{input_type(node, inputs, 1).dtype, input_type(node, inputs, 0).shape}};
}

constexpr std::array kInferLogicRows{
    InferRow{"And", comparison},
    InferRow{"BitwiseAnd", stretched},
    InferRow{"BitwiseOr", stretched},
    InferRow{"BitwiseXor", stretched},
    InferRow{"Cast", cast},
    InferRow{"CastLike", cast_like},
    InferRow{"Equal", comparison},
    InferRow{"Greater", comparison},
    InferRow{"GreaterOrEqual", comparison},
    InferRow{"Less", comparison},
    InferRow{"LessOrEqual", comparison},
    InferRow{"Mean", stretched},
    InferRow{"Mod", stretched},
    InferRow{"Or", comparison},
    InferRow{"Pow", power},
    InferRow{"Sum", stretched},
    InferRow{"Where", where},
    InferRow{"Xor", comparison},
};

}  // namespace

std::span<const InferRow> logic_rules() { return kInferLogicRows; }

}  // namespace enxerto
