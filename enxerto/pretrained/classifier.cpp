#include "enxerto/pretrained/classifier.h"

#include <algorithm>

#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

/// The first `count` nodes and what they use; the output is what the node behind them took first.
Blueprint front_of(const Blueprint& blueprint, std::size_t count) {
  Blueprint front = blueprint;
  const std::string features = front.graph.nodes[count].inputs[0];
  std::vector<Node>& nodes = front.graph.nodes;
  nodes.resize(count);
  std::erase_if(front.parameters, [&](const ParameterSpec& spec) {
    return std::ranges::none_of(
        nodes, [&](const Node& node) { return std::ranges::find(node.inputs, spec.name) != node.inputs.end(); });
  });
  const ValueTypes types = infer_shapes(blueprint);
  const ValueType& type = types.at(features);
  front.graph.outputs = {{.name = features, .dtype = type.dtype, .shape = type.shape}};
  return front;
}

/// The first parameter that a node takes: the weight of a dense layer, the scale of a normalisation; "": it takes none.
std::string parameter_of(const Node& node, const Blueprint& blueprint) {
  const auto found = std::ranges::find_if(node.inputs, [&](const std::string& input) {
    return std::ranges::find(blueprint.parameters, input, &ParameterSpec::name) != blueprint.parameters.end();
  });
  return found == node.inputs.end() ? "" : *found;
}

}  // namespace

std::optional<Classifier> classifier_of(const Blueprint& blueprint) {
  if (blueprint.graph.nodes.empty()) return std::nullopt;
  const Node& last = blueprint.graph.nodes.back();
  if (last.op != "Gemm" || last.inputs.size() != 3) return std::nullopt;
  return Classifier{.weight = last.inputs[1], .bias = last.inputs[2]};
}

Blueprint without_classifier(const Blueprint& blueprint) {
  return classifier_of(blueprint) ? front_of(blueprint, blueprint.graph.nodes.size() - 1) : blueprint;
}

Blueprint without_missing_head(const Blueprint& blueprint, const StateDict& weights) {
  if (!classifier_of(blueprint)) return blueprint;
  const std::vector<Node>& nodes = blueprint.graph.nodes;
  std::size_t kept = nodes.size();
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (nodes[i].stage != nodes.back().stage) break;
    const std::string parameter = parameter_of(nodes[i], blueprint);
    if (parameter.empty()) continue;
    if (weights.contains(parameter)) break;
    kept = i;
  }
  return kept == nodes.size() ? blueprint : front_of(blueprint, kept);
}

}  // namespace enxerto
