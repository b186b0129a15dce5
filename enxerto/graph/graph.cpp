#include "enxerto/graph/graph.h"

#include <unordered_set>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Names = std::unordered_set<std::string_view>;

[[noreturn]] void fail(const Graph& graph, std::string found, std::string expected) {
  throw weights_error(fmt::format("graph '{}'", graph.name), std::move(found), std::move(expected));
}

void define(const Graph& graph, Names& names, std::string_view name) {
  if (name.empty()) fail(graph, "a value without a name", "a name for each input, parameter and output");
  if (!names.insert(name).second) fail(graph, fmt::format("value '{}' is defined twice", name), "unique names");
}

void check_nodes(const Graph& graph, Names& defined, Names& used) {
  Names node_names;
  for (const Node& node : graph.nodes) {
    if (!node_names.insert(node.name).second) {
      fail(graph, fmt::format("two nodes are named '{}'", node.name), "unique names");
    }
    for (const std::string& input : node.inputs) {
      if (input.empty()) continue;
      if (!defined.contains(input)) {
        fail(graph, fmt::format("node '{}' uses '{}' before it is defined", node.name, input), "topological order");
      }
      used.insert(input);
    }
    for (const std::string& output : node.outputs) {
      if (!output.empty()) define(graph, defined, output);
    }
  }
}

void check_stages(const Graph& graph) {
  Names ended;
  std::string_view current;
  bool first = true;
  for (const Node& node : graph.nodes) {
    if (!first && node.stage == current) continue;
    if (!first) ended.insert(current);
    if (ended.contains(node.stage)) {
      fail(graph, fmt::format("stage '{}' begins again at node '{}'", node.stage, node.name),
           "consecutive nodes in each stage");
    }
    current = node.stage;
    first = false;
  }
}

}  // namespace

std::string to_string(const SymbolicShape& shape) {
  std::string text = "(";
  for (const Dim& dim : shape) {
    if (text.size() > 1) text += ", ";
    text += dim.is_symbolic() ? dim.symbol : std::to_string(dim.size);
  }
  return text + ")";
}

Shape of_one(const SymbolicShape& shape) {
  Shape fixed;
  for (const Dim& dim : shape) fixed.push_back(dim.is_symbolic() ? 1 : dim.size);
  return fixed;
}

std::vector<std::string> Graph::stages() const {
  std::vector<std::string> names;
  std::unordered_set<std::string_view> seen;
  for (const Node& node : nodes) {
    if (seen.insert(node.stage).second) names.push_back(node.stage);
  }
  return names;
}

void check(const Graph& graph) {
  Names defined, used;
  for (const Value& input : graph.inputs) define(graph, defined, input.name);
  for (const auto& [name, _] : graph.parameters) define(graph, defined, name);
  check_nodes(graph, defined, used);
  Names outputs;
  for (const Value& output : graph.outputs) {
    if (!defined.contains(output.name)) {
      fail(graph, fmt::format("output '{}' is not defined", output.name), "the name of a value");
    }
    if (!outputs.insert(output.name).second) {
      fail(graph, fmt::format("output '{}' is named twice", output.name), "unique names");
    }
  }
  for (const auto& [name, _] : graph.parameters) {
    if (!used.contains(name) && !outputs.contains(name)) {
      fail(graph, fmt::format("parameter '{}' is not used", name), "parameters that a node uses");
    }
  }
  check_stages(graph);
}

}  // namespace enxerto
