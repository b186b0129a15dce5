#include "enxerto/pretrained/classifier.h"

#include <algorithm>

#include "enxerto/graph/infer.h"

namespace enxerto {

std::optional<Classifier> classifier_of(const Blueprint& blueprint) {
  if (blueprint.graph.nodes.empty()) return std::nullopt;
  const Node& last = blueprint.graph.nodes.back();
  if (last.op != "Gemm" || last.inputs.size() != 3) return std::nullopt;
  return Classifier{.weight = last.inputs[1], .bias = last.inputs[2]};
}

Blueprint without_classifier(const Blueprint& blueprint) {
  const std::optional<Classifier> classifier = classifier_of(blueprint);
  if (!classifier) return blueprint;
  Blueprint rest = blueprint;
  const std::string features = rest.graph.nodes.back().inputs[0];
  rest.graph.nodes.pop_back();
  std::erase_if(rest.parameters, [&](const ParameterSpec& spec) {
    return spec.name == classifier->weight || spec.name == classifier->bias;
  });
  const ValueTypes types = infer_shapes(blueprint);
  const ValueType& type = types.at(features);
  rest.graph.outputs = {{.name = features, .dtype = type.dtype, .shape = type.shape}};
  return rest;
}

}  // namespace enxerto
