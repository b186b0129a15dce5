#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/numbers.h"

namespace enxerto {

/// Element type and shape of a value; symbols ("batch") stay symbols, what is computed from them is written as an
/// expression ("batch*49").
struct ValueType {
  DType dtype = DType::f32;
  SymbolicShape shape;
  bool operator==(const ValueType&) const = default;
};
using ValueTypes = std::unordered_map<std::string, ValueType>;

/// Types of all inputs, parameters and values of the graph, by the rules of ONNX opset 20. Throws Error{weights},
/// naming the node, for an operation that is not known and for shapes that do not go together.
ValueTypes infer_shapes(const Graph& graph);
ValueTypes infer_shapes(const Blueprint& blueprint);

/// One step of it: what an operation's inputs are, as far as they are known.
struct InferInput {
  const ValueType* type = nullptr;   ///< nullptr for an optional input that is left out
  const Tensor* constant = nullptr;  ///< its value, where it is a parameter or a constant
  const Numbers* numbers = nullptr;  ///< its value as far as it follows from shapes
};

/// Types of the node's outputs.
std::vector<ValueType> infer_node(const Node& node, std::span<const InferInput> inputs);

/// True where `infer_node` knows the operation.
bool is_known_operator(std::string_view op);

/// Bytes of a value for one example: symbolic dimensions count as 1.
std::size_t bytes_per_example(const ValueType& type);

}  // namespace enxerto
