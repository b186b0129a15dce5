#pragma once
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/infer.h"

namespace enxerto {

/// Shape inference node by node, for whoever writes or changes a graph on the way. Beside the types it keeps the values
/// of constants, and the numbers that follow from shapes.
class Inference {
 public:
  /// A value from outside, or a parameter. Floating-point parameters are weights, not numbers to compute shapes with.
  void add_input(const Value& input);
  void add_parameter(const std::string& name, const Tensor& tensor);
  void add_parameter(const ParameterSpec& spec);

  /// Infers the node's outputs. Throws Error{weights} as `infer_shapes`.
  void add(const Node& node);

  /// nullptr where nothing of that name is known.
  const ValueType* type(std::string_view name) const;
  const Tensor* constant(std::string_view name) const;
  const Numbers* numbers(std::string_view name) const;

  const ValueTypes& types() const { return types_; }

 private:
  void hold(const std::string& name, const Tensor& tensor);

  ValueTypes types_;
  std::unordered_map<std::string, Tensor> constants_;
  std::unordered_map<std::string, Numbers> numbers_;
};

}  // namespace enxerto
