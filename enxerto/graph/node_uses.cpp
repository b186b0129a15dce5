#include "enxerto/graph/node_uses.h"

#include <algorithm>

#include "enxerto/graph/attributes.h"

namespace enxerto {

NodeUses::NodeUses(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    for (const std::string& output : node.outputs) values_[output].maker = &node;
    for (const std::string& input : node.inputs) values_[input].takers.push_back(&node);
  }
  for (const Value& output : graph.outputs) values_[output.name].takers.push_back(nullptr);
}

const Node* NodeUses::maker(const std::string& value, std::string_view op) const {
  const auto found = values_.find(value);
  const Node* const node = found == values_.end() ? nullptr : found->second.maker;
  return node != nullptr && node->op == op ? node : nullptr;
}

const Node* NodeUses::maker_for_one(const std::string& value, std::string_view op) const {
  const Node* const node = maker(value, op);
  return node != nullptr && values_.at(value).takers.size() == 1 ? node : nullptr;
}

const Node* NodeUses::only_taker(const std::string& value, std::string_view op) const {
  const auto found = values_.find(value);
  if (found == values_.end() || found->second.takers.size() != 1) return nullptr;
  const Node* const taker = found->second.takers[0];
  return taker != nullptr && taker->op == op ? taker : nullptr;
}

const Tensor* NodeUses::constant(const std::string& value) const {
  const Node* const node = maker(value, "Constant");
  return node == nullptr ? nullptr : &required_attribute<Tensor>(*node, "value");
}

bool NodeUses::is(const std::string& value, std::initializer_list<std::int64_t> numbers) const {
  const Tensor* const tensor = constant(value);
  return tensor != nullptr && tensor->dtype() == DType::i64 && std::ranges::equal(tensor->as<std::int64_t>(), numbers);
}

Graph without_nodes(Graph graph, const std::unordered_set<std::string>& first_outputs) {
  std::erase_if(graph.nodes, [&](const Node& node) {
    return !node.outputs.empty() && first_outputs.contains(node.outputs.front());
  });
  return graph;
}

}  // namespace enxerto
