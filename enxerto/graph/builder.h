#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/infer.h"

namespace enxerto {

/// How the border of a map is treated by a convolution.
enum class Padding {
  valid,     ///< none
  same,      ///< TensorFlow's: output = ceil(input / stride), the odd pixel after; follows the input's size
  centered,  ///< PyTorch's: kernel / 2 on each side, times the dilation
};

/// A 2-D convolution; the number of input channels is the value's.
struct ConvSpec {
  std::string name;         ///< of the node; parameters are name.weight (out, in / groups, k, k) and name.bias (out)
  std::string shared = {};  ///< in place of the node's name in those of its parameters: convolutions that share them
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  std::int64_t kernel_width = 0;  ///< 0: as `kernel`, which is the height where this is set
  std::int64_t stride = 1;
  std::int64_t dilation = 1;  ///< places from one weight of the kernel to the next
  std::int64_t groups = 1;
  Padding padding = Padding::valid;
  bool bias = false;
};

/// Writes a network down, operation by operation, without its weights: values are handed on by name, shapes are known
/// at once, and each parameter is declared where it is used, of the element type of what it is used on. All throw
/// Error{weights} where shapes do not go together.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string name);

  /// Declares an input; returns its name.
  std::string input(std::string name, SymbolicShape shape, DType dtype = DType::f32);

  /// Nodes added from now on belong to this stage.
  GraphBuilder& stage(std::string name);

  /// Declares a parameter to be used as an input of the next node; returns its name. One that is there is shared.
  std::string parameter(std::string name, Shape shape, DType dtype = DType::f32);

  /// What the parameter that was declared as `name` begins with.
  GraphBuilder& start(std::string_view name, StartingValues values);

  /// A value that is part of the network's text, not of its weights; one node per stage and content. Returns its name.
  std::string constant(const Tensor& tensor);
  std::string integers(const std::vector<std::int64_t>& values);  ///< (n) of int64: axes, a shape, bounds

  /// A node `name` with one output of the same name, which is returned.
  std::string add(std::string op, std::string name, std::vector<std::string> inputs, Attributes attributes = {});

  /// A node `name` that cuts `x` into `parts` of equal size along its last dimension. Returns their names, name.0, ..
  std::vector<std::string> split(const std::string& x, const std::string& name, std::int64_t parts);

  /// Shape of an existing value.
  const SymbolicShape& shape_of(std::string_view value) const;

  /// Its element type.
  DType dtype_of(std::string_view value) const;

  std::string conv(const std::string& x, const ConvSpec& spec);
  /// Parameters name.weight, name.bias, name.running_mean, name.running_var, each (C).
  std::string batch_norm(const std::string& x, const std::string& name, float epsilon);
  std::string relu(const std::string& x, const std::string& name);
  std::string relu6(const std::string& x, const std::string& name);
  std::string max_pool(const std::string& x, const std::string& name, std::int64_t kernel, std::int64_t stride);
  /// (N, C, H, W) -> (N, C): nodes name and name.flatten.
  std::string global_average_pool(const std::string& x, const std::string& name);
  /// (N, in) -> (N, out): parameters name.weight (out, in) and name.bias (out).
  std::string linear(const std::string& x, const std::string& name, std::int64_t out);
  /// The same along the last of any number of dimensions; nodes name.transposed, name.product and name.
  std::string dense(const std::string& x, const std::string& name, std::int64_t out);
  /// Over the last dimension. Parameters name.weight and name.bias, each as long as it.
  std::string layer_norm(const std::string& x, const std::string& name, float epsilon);

  /// Makes `value` an output of the graph, which is called `name` from now on.
  GraphBuilder& output(const std::string& value, const std::string& name);

  /// Ends the building; checks the graph.
  Blueprint finish() &&;

 private:
  void append(Node node);
  const ValueType& type_of(std::string_view value) const;
  /// A parameter of the element type of `x`.
  std::string weights_on(const std::string& x, std::string name, Shape shape);

  Blueprint blueprint_;
  std::string stage_;
  ValueTypes types_;
  std::unordered_map<std::string, Tensor> constants_;  // by value name
};

}  // namespace enxerto
