#pragma once
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "enxerto/graph/graph.h"
#include "enxerto/graph/inference.h"
#include "enxerto/onnx/import.h"
#include "enxerto/onnx/read_tensor.h"

namespace enxerto_onnx {
class GraphProto;
class NodeProto;
class ValueInfoProto;
}  // namespace enxerto_onnx

namespace enxerto {

/// Walks through one model's graph and builds a Graph, node by node; shapes are known on the way.
class GraphReader {
 public:
  GraphReader(std::string where, TensorReader tensors, std::int64_t opset)
      : where_(std::move(where)), tensors_(std::move(tensors)), opset_(opset) {}

  /// Reads it all; takes the bytes out of `proto`.
  void read(enxerto_onnx::GraphProto& proto);

  Graph& graph() { return graph_; }
  std::unordered_map<std::string, std::string>& scopes() { return scopes_; }

 private:
  void read_initializers(enxerto_onnx::GraphProto& proto);
  void read_inputs(const enxerto_onnx::GraphProto& proto);
  void read_outputs(const enxerto_onnx::GraphProto& proto);
  void note_uses(const enxerto_onnx::GraphProto& proto);
  void read_node_of(enxerto_onnx::NodeProto& proto);
  void add(Node node, const std::string& scope);
  void bring(const std::string& value, const Node& user);
  std::string unique_name(const Node& node);

  /// How a constant is used, as far as that shows whether training may change it.
  struct Use {
    bool trained = false;                ///< in a slot of a weight
    bool trained_unless_single = false;  ///< in one that a setting, a single number, may fill as well
  };

  std::string where_;
  TensorReader tensors_;
  std::int64_t opset_;
  Graph graph_;
  Inference known_;
  std::unordered_map<std::string, Tensor> waiting_;     // initializers and constants that nothing has used so far
  std::unordered_map<std::string, std::string> alias_;  // what Identity gave another name
  std::unordered_map<std::string, Use> uses_;
  std::unordered_set<std::string> used_, outputs_, node_names_;
  std::unordered_map<std::string, std::string> scopes_;
};

}  // namespace enxerto
