#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "enxerto/graph/infer.h"

namespace enxerto {

/// What is known of the values of a graph: types, makers, and which of them depend on the input or on weights.
class GraphValues {
 public:
  /// `graph` must outlive it. Throws Error{weights} as `infer_shapes`.
  explicit GraphValues(const Graph& graph);

  const Graph& graph() const { return graph_; }
  const SymbolicShape& shape(const std::string& value) const { return types_.at(value).shape; }

  /// The number of the node that makes it; nullopt for inputs and parameters.
  std::optional<std::size_t> maker(const std::string& value) const;

  /// The value of a constant or a parameter; nullptr for what is computed.
  const Tensor* tensor(const std::string& value) const;

  bool varies(const std::string& value) const { return varying_.contains(value); }
  bool is_trained(const std::string& value) const { return trained_.contains(value); }

  bool holds_parameters(std::size_t node) const;

  /// The last node that joins what varies with a trained parameter.
  std::optional<std::size_t> last_trained() const { return last_trained_; }

  /// The one input that depends on the network's input; nullptr where there are several.
  const std::string* varying_input(std::size_t node) const;

 private:
  const Graph& graph_;
  ValueTypes types_;
  std::unordered_set<std::string> varying_, trained_;
  std::unordered_map<std::string, std::size_t> maker_;
  std::optional<std::size_t> last_trained_;
};

}  // namespace enxerto
