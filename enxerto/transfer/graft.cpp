#include "enxerto/transfer/graft.h"

#include <algorithm>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/convex_start.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr const char* kHead = "head";

/// Everything before the head: all of a network without one.
Graph body_of(const Graph& network) {
  const std::vector<std::string> stages = network.stages();
  const bool has_head = std::find(stages.begin(), stages.end(), kHead) != stages.end();
  Graph body = has_head ? cut(network, kHead).prefix : network;
  if (body.outputs.size() == 1 && body.outputs.front().shape.size() >= 2) return body;
  throw weights_error(network.name, "its head has no single feature value as input", "(batch, features) or (batch, features, height, width)");
}

}  // namespace

Value before_head(const Graph& network) { return body_of(network).outputs.front(); }

std::size_t features_before_head(const Graph& network) {
  const SymbolicShape shape = before_head(network).shape;
  return static_cast<std::size_t>(shape[shape.size() == 3 ? 2 : 1].size);
}

Graph graft_head(const Graph& network, const Blueprint& head, const StateDict& parameters) {
  Graph whole = append(body_of(network), head.fill(parameters, "head"));
  infer_shapes(whole);
  return whole;
}

Graph graft_linear_head(const Graph& network, const LinearClassifier& classifier) {
  const std::int64_t classes = classifier.bias.shape().at(0);
  const Blueprint head = head_network({}, before_head(network), classes);
  Graph whole = graft_head(network, head, linear_head_parameters(classifier));
  // A saved model answers with probabilities alone; its logits are their logarithm up to a constant.
  std::erase_if(whole.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
  return whole;
}

Graph frozen_part(const Graph& network, const std::string& pool) {
  const Blueprint placeholder = head_network({.pool = pool, .output = "linear"}, before_head(network), 1);
  return cut_at_frontier(graft_head(network, placeholder, initial_parameters(placeholder)), kHead).prefix;
}

}  // namespace enxerto
