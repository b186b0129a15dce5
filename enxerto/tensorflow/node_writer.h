#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/graph/inference.h"
#include "enxerto/tensorflow/graph_def.h"
#include "enxerto/tensorflow/held_value.h"

namespace enxerto {

/// Writes a network of TensorFlow as one of ONNX operations, node by node. What an operation (operators.h) asks it for:
/// the values that a node takes, in the order of dimensions that it works in, and where what it makes goes.
class NodeWriter {
 public:
  using Ints = std::vector<std::int64_t>;

  // What a node takes. All throw Error{weights} naming the node.
  const HeldValue& input(const TfNode& node, std::size_t slot) const;
  SymbolicShape shape(const HeldValue& value) const;  ///< as in the file
  DType dtype(const HeldValue& value) const;
  std::size_t rank(const HeldValue& value) const;

  /// Whole numbers that are known: a constant, or what follows from fixed shapes. Throws where they are not.
  Ints integers(const TfNode& node, std::size_t slot) const;
  std::int64_t integer(const TfNode& node, std::size_t slot) const;
  std::optional<Ints> known_integers(const TfNode& node, std::size_t slot) const;
  /// A constant weight. Throws where it is computed.
  const Tensor& weight(const TfNode& node, std::size_t slot) const;

  /// The value by its name in the graph, its dimensions in this order.
  std::string in(const HeldValue& value, const DimensionOrder& order);
  std::string plain(const TfNode& node, std::size_t slot) { return in(input(node, slot), {}); }

  // What is written.
  std::string add(const TfNode& node, std::string op, std::vector<std::string> inputs, Attributes attributes = {});
  std::vector<std::string> add(const TfNode& node, std::string op, std::vector<std::string> inputs,
                               Attributes attributes, std::size_t outputs);
  std::string parameter(const std::string& name, const Tensor& tensor);
  std::string constant(const std::string& name, const Tensor& tensor);
  std::string integers(const std::string& name, const Ints& numbers);
  /// As training may change it (a parameter) or not; whole numbers and single ones are constants.
  std::string written(const std::string& name, const Tensor& tensor);

  void give(const TfNode& node, std::size_t output, HeldValue value);
  void give(const TfNode& node, const std::string& value, DimensionOrder order = {}) {
    give(node, 0, {.name = value, .order = std::move(order), .tensor = {}});
  }

  /// The node that makes a value, where nothing else takes what it makes; nullptr otherwise. `users` counts them in the
  /// file.
  Node* only_for(const HeldValue& value);

  // Of the whole network.
  void add_input(const Value& value, const TfNode& node);
  void count_use(const TfReference& value) { ++uses_[key(value)]; }
  const HeldValue* find(const TfReference& value) const;
  void add_output(const TfEnd& output);
  const Inference& known() const { return known_; }
  const Node* maker(const std::string& value) const;
  Graph take();

 private:
  static std::string key(const TfReference& value);
  std::string unique(std::string name);

  Graph graph_;
  Inference known_;
  std::unordered_map<std::string, HeldValue> values_;     // by "node:output"
  std::unordered_map<std::string, std::size_t> uses_;     // the same
  std::unordered_map<std::string, std::size_t> makers_;   // number of the node that makes a value of the graph
  std::unordered_map<std::string, std::string> made_as_;  // the key under which a value of the graph was given
  std::unordered_map<std::string, Tensor> written_;       // parameters and constants, by name
  std::map<std::pair<std::string, DimensionOrder>, std::string> turned_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::string> renamed_;  // values that the file names as outputs
};

}  // namespace enxerto
