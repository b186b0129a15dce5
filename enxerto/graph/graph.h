#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "enxerto/base/dtype.h"
#include "enxerto/base/state_dict.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

/// One dimension: a size, or a symbol ("batch") whose size is known at run time only.
struct Dim {
  std::int64_t size = 0;  ///< meaningless where `symbol` is set
  std::string symbol;

  Dim(std::int64_t fixed) : size(fixed) {}  // NOLINT(google-explicit-constructor): {"batch", 3, 224, 224} reads well
  Dim(const char* name) : symbol(name) {}   // NOLINT(google-explicit-constructor)
  Dim(std::string name) : symbol(std::move(name)) {}  // NOLINT(google-explicit-constructor)
  bool is_symbolic() const { return !symbol.empty(); }
  bool operator==(const Dim&) const = default;
};
using SymbolicShape = std::vector<Dim>;

/// "(batch, 3, 224, 224)".
std::string to_string(const SymbolicShape& shape);

/// With 1 in place of what is free: the shape of one example.
Shape of_one(const SymbolicShape& shape);

/// A named input or output of a graph.
struct Value {
  std::string name;
  DType dtype = DType::f32;
  SymbolicShape shape;
};

using Attribute = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>, Tensor>;
using Attributes = std::map<std::string, Attribute, std::less<>>;

/// One operation with the name and the meaning that the ONNX operator set gives it (opset 20).
struct Node {
  std::string name;   ///< unique in the graph
  std::string op;     ///< e.g. "Conv"
  std::string stage;  ///< the named part of the network it belongs to, e.g. "layer3"
  std::vector<std::string> inputs,
      outputs;  ///< values or parameters by name; "" for an optional input that is left out
  Attributes attributes;
};

/// A network as data: nodes in topological order, named parameters, stages in the order in which nodes first name them.
struct Graph {
  std::string name;
  std::vector<Value> inputs, outputs;
  std::vector<Node> nodes;
  StateDict parameters;

  /// The stages' names, in order, each once.
  std::vector<std::string> stages() const;
};

/// Throws Error{weights} unless the graph is well formed: unique node and value names, inputs defined before they are
/// used, outputs defined, every parameter used, the nodes of a stage contiguous.
void check(const Graph& graph);

}  // namespace enxerto
