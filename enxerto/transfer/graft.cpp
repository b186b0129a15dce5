#include "enxerto/transfer/graft.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/transfer/stage_maps.h"

namespace enxerto {
namespace {

/// The network's mask where it is one of these features' tokens.
std::optional<Value> mask_of(const Graph& network, const Value& features) {
  const auto mask = std::ranges::find(network.inputs, kAttentionMask, &Value::name);
  if (mask == network.inputs.end() || mask->shape.size() != 2 || features.shape.size() != 3) return std::nullopt;
  const Dim& tokens = features.shape[3 - channel_dimension(features.shape)];
  if (!tokens.is_symbolic() || mask->shape[1] != tokens) return std::nullopt;
  return *mask;
}

/// The same without what no value of these names depends on.
Graph up_to(Graph body, const std::vector<Value>& values) {
  body.outputs = values;
  return without_dead_nodes(body);
}

struct Body {
  Graph network;  ///< its outputs are the features, and their mask where there is one
  HeadFeatures features;
};

/// Everything before the head: all of a network without one.
Body body_of(const Graph& network) {
  Graph body = has_head(network) ? cut(network, kHeadStage).prefix : network;
  std::erase_if(body.outputs, [](const Value& value) { return value.name == kAttentionMask; });
  if (body.outputs.size() != 1 || body.outputs.front().shape.size() < 2)
    throw weights_error(network.name, "its head has no single feature value as input",
                        "(batch, features) or (batch, features, height, width)");
  HeadFeatures features = body.outputs.front();
  features.mask = mask_of(body, features.value);
  if (features.mask) body.outputs.push_back(*features.mask);
  return {std::move(body), std::move(features)};
}

}  // namespace

HeadFeatures before_head(const Graph& network) { return body_of(network).features; }

HeadFeatures before_head(const Graph& network, const HeadSpec& head) {
  Body body = body_of(network);
  if (!head_kind(head.kind).takes_maps) return std::move(body.features);
  std::vector<Value> maps = stage_maps(body.network, head.features);
  HeadFeatures features(maps.back());
  features.maps = std::move(maps);
  features.input = network.inputs.front().shape;
  return features;
}

Graph graft_head(const Graph& network, const Blueprint& head, const StateDict& parameters) {
  Graph body = body_of(network).network;
  const auto is_output = [&](const Value& value) {
    return std::ranges::find(body.outputs, value.name, &Value::name) != body.outputs.end();
  };
  if (!std::ranges::all_of(head.graph.inputs, is_output)) body = up_to(std::move(body), head.graph.inputs);
  Graph whole = join(body, head.fill(parameters, "head"));
  infer_shapes(whole);
  return whole;
}

void keep_answer(Graph& network) {
  std::erase_if(network.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
}

Graph frozen_part(const Graph& network, const std::string& pool) {
  return frozen_part(network, {.pool = pool, .output = "linear"});
}

Graph frozen_part(const Graph& network, const HeadSpec& head) {
  const Blueprint placeholder = head_network(head, before_head(network, head), 1);
  return cut_at_frontier(graft_head(network, placeholder, initial_parameters(placeholder)), kHeadStage).prefix;
}

}  // namespace enxerto
