#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Who makes each value of a graph, which must outlive this, and who takes it.
class NodeUses {
 public:
  explicit NodeUses(const Graph& graph);

  /// The node of that operator that makes the value; null: another one, or none, does.
  const Node* maker(const std::string& value, std::string_view op) const;

  /// The same where nothing but one node needs the value.
  const Node* maker_for_one(const std::string& value, std::string_view op) const;

  /// Who takes the value; null: it is an output of the graph.
  const std::vector<const Node*>& takers(const std::string& value) const { return values_.at(value).takers; }

  /// The only one that takes the value, a node of that operator; else null.
  const Node* only_taker(const std::string& value, std::string_view op) const;

  /// What a Constant holds; null where another node makes the value.
  const Tensor* constant(const std::string& value) const;

  /// Whether it is a constant of these numbers of int64.
  bool is(const std::string& value, std::initializer_list<std::int64_t> numbers) const;

 private:
  struct Use {
    const Node* maker = nullptr;
    std::vector<const Node*> takers;  // null: the value is an output of the graph
  };
  std::unordered_map<std::string, Use> values_;
};

/// The graph without the nodes whose first output is one of these: what has become part of another operation.
Graph without_nodes(Graph graph, const std::unordered_set<std::string>& first_outputs);

}  // namespace enxerto
