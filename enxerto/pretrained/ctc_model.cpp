#include "enxerto/pretrained/ctc_model.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/heads/head.h"

namespace enxerto {

Graph with_ctc_head(const Graph& network, const StateDict& head) {
  const Value& states = network.outputs.front();
  GraphBuilder net("head");
  const std::string x = net.input(states.name, states.shape);
  net.stage(std::string(kHeadStage));
  net.output(net.dense(x, "head", head.at("head.bias").shape()[0]), "logits");
  Graph whole = append(network, std::move(net).finish().fill(head));
  whole.name = network.name;
  return whole;
}

Bundle ctc_model(const Backbone& backbone, std::string_view task) {
  Graph body = cut(backbone.graph, kHeadStage).prefix;
  const HeadFeatures features(body.outputs.front(),
                              *std::ranges::find(backbone.graph.inputs, kAttentionMask, &Value::name));
  body.outputs.push_back(*features.mask);
  const Blueprint head = head_network({.pool = "none", .output = "ctc"}, features, std::ssize(backbone.units));
  StateDict weights;
  for (const ParameterSpec& spec : head.parameters) weights.set(spec.name, backbone.graph.parameters.at(spec.name));
  Bundle model;
  model.graph = join(body, head.fill(weights));
  std::erase_if(model.graph.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
  model.graph.name = backbone.graph.name;
  model.preprocessor = backbone.spec.preprocessor;
  model.precision = {{"prefix", "fp32"}};
  model.task = task;
  model.labels = {"transcript"};
  model.task_facts = {{"units", std::vector<std::string>(backbone.units.begin() + 1, backbone.units.end())}};
  return model;
}

}  // namespace enxerto
