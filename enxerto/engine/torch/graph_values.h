#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Who makes each value of a graph, which must outlive this, and who takes it.
class GraphValues {
 public:
  explicit GraphValues(const Graph& graph) {
    for (const Node& node : graph.nodes) {
      for (const std::string& output : node.outputs) values_[output].maker = &node;
      for (const std::string& input : node.inputs) values_[input].takers.push_back(&node);
    }
    for (const Value& output : graph.outputs) values_[output.name].takers.push_back(nullptr);
  }

  /// The node of that operator that makes the value; null: another one, or none, does.
  const Node* maker(const std::string& value, std::string_view op) const {
    const auto found = values_.find(value);
    const Node* const node = found == values_.end() ? nullptr : found->second.maker;
    return node != nullptr && node->op == op ? node : nullptr;
  }

  /// The same where nothing but one node needs the value.
  const Node* maker_for_one(const std::string& value, std::string_view op) const {
    const Node* const node = maker(value, op);
    return node != nullptr && values_.at(value).takers.size() == 1 ? node : nullptr;
  }

  /// Who takes the value; null: it is an output of the graph.
  const std::vector<const Node*>& takers(const std::string& value) const { return values_.at(value).takers; }

  /// The only one that takes the value, a node of that operator; else null.
  const Node* only_taker(const std::string& value, std::string_view op) const {
    const std::vector<const Node*>& takers = values_.at(value).takers;
    return takers.size() == 1 && takers[0] != nullptr && takers[0]->op == op ? takers[0] : nullptr;
  }

  /// Whether it is the constant 0 of int64.
  bool is_zero(const std::string& value) const {
    const Node* const constant = maker(value, "Constant");
    if (constant == nullptr) return false;
    const Tensor& tensor = required_attribute<Tensor>(*constant, "value");
    return tensor.dtype() == DType::i64 && tensor.size() == 1 && tensor.as<std::int64_t>()[0] == 0;
  }

 private:
  struct Use {
    const Node* maker = nullptr;
    std::vector<const Node*> takers;  // null: the value is an output of the graph
  };
  std::unordered_map<std::string, Use> values_;
};

}  // namespace enxerto
