#include "enxerto/pretrained/onnx/graph_values.h"

#include <algorithm>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

bool has(const Node& node, const std::unordered_set<std::string>& names) {
  return std::ranges::any_of(node.inputs, [&](const std::string& name) { return names.contains(name); });
}

}  // namespace

GraphValues::GraphValues(const Graph& graph) : graph_(graph), types_(infer_shapes(graph)) {
  for (const auto& [name, role] : roles(graph))
    if (is_trainable(role)) trained_.insert(name);
  for (const Value& input : graph.inputs) varying_.insert(input.name);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const bool varying = has(node, varying_), trained = has(node, trained_);
    for (const std::string& output : node.outputs) {
      maker_[output] = i;
      if (varying) varying_.insert(output);
      if (!varying && trained) trained_.insert(output);  // a weight, turned
    }
    if (varying && trained) last_trained_ = i;
  }
}

std::optional<std::size_t> GraphValues::maker(const std::string& value) const {
  const auto place = maker_.find(value);
  return place == maker_.end() ? std::nullopt : std::optional(place->second);
}

const Tensor* GraphValues::tensor(const std::string& value) const {
  if (const Tensor* parameter = graph_.parameters.find(value)) return parameter;
  const auto made = maker(value);
  if (!made || graph_.nodes[*made].op != "Constant") return nullptr;
  return find_attribute<Tensor>(graph_.nodes[*made], "value");
}

bool GraphValues::holds_parameters(std::size_t node) const { return has(graph_.nodes[node], trained_); }

const std::string* GraphValues::varying_input(std::size_t node) const {
  const std::string* found = nullptr;
  for (const std::string& input : graph_.nodes[node].inputs) {
    if (!varying_.contains(input)) continue;
    if (found != nullptr) return nullptr;
    found = &input;
  }
  return found;
}

}  // namespace enxerto
