#include "enxerto/transfer/graft.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
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

bool is_input_of(const Graph& network, const std::string& name) {
  return std::ranges::find(network.inputs, name, &Value::name) != network.inputs.end();
}

bool is_map(const Value& value) { return value.dtype == DType::f32 && value.shape.size() == 4; }

/// Everything before the head: all of a network without one. Inputs that a head looks at too are no features.
Body body_of(const Graph& network) {
  Graph body = has_head(network) ? cut(network, kHeadStage).prefix : network;
  if (body.outputs.size() > 1)
    std::erase_if(body.outputs, [&](const Value& value) { return is_input_of(network, value.name); });
  // A head that takes the maps of several stages: another takes the last of them.
  if (body.outputs.size() > 1 && std::ranges::all_of(body.outputs, is_map))
    body.outputs.erase(body.outputs.begin(), body.outputs.end() - 1);
  if (body.outputs.size() != 1 || body.outputs.front().shape.size() < 2)
    throw weights_error(network.name, "its head has no single feature value as input",
                        "(batch, features) or (batch, features, height, width)");
  HeadFeatures features = body.outputs.front();
  features.mask = mask_of(network, features.value);
  return {std::move(body), std::move(features)};
}

/// Whether the network ends in a head of that kind.
bool has_head_of(const Graph& network, std::string_view kind) {
  const std::optional<HeadSpec> there = has_head(network) ? head_in(network.parameters) : std::nullopt;
  return there && there->kind == kind;
}

/// The maps that the network's own head takes, the largest first.
std::vector<Value> maps_of_head(const Graph& network) {
  std::vector<Value> maps = cut(network, kHeadStage).prefix.outputs;
  std::erase_if(maps, [&](const Value& value) { return is_input_of(network, value.name) || !is_map(value); });
  std::ranges::stable_sort(maps, std::ranges::greater(), [](const Value& map) { return map.shape[2].size; });
  return maps;
}

/// The maps that a detector of somebody else's takes, which is what a head of maps learns best from; none where the
/// network's own head is another. For a head of one map they are as small as it wants them.
std::vector<Value> maps_of_foreign_head(const Graph& network, const HeadKind& kind) {
  if (!has_head(network) || head_in(network.parameters)) return {};
  std::vector<Value> maps = maps_of_head(network);
  if (maps.size() < 2) return {};
  const std::int64_t largest = network.inputs.front().shape[2].size / kind.finest + 1;
  if (kind.takes_one) std::erase_if(maps, [&](const Value& map) { return map.shape[2].size > largest; });
  return maps;
}

/// What a head of that kind takes where nothing is asked for.
std::vector<Value> usual_maps(const Body& body, const Graph& network, const HeadKind& kind) {
  std::vector<Value> maps = maps_of_foreign_head(network, kind);
  return maps.empty() ? stage_maps(body.network, {}, kind.finest) : maps;
}

/// What a head of that kind takes of what is before it: what the network's own takes, where that is of the kind too.
HeadFeatures taken_by(const HeadSpec& head, const Body& body, const Graph& network) {
  const HeadKind& kind = head_kind(head.kind);
  if (!kind.takes_maps) return body.features;
  const bool again = head.features.empty() && has_head_of(network, head.kind);
  std::vector<Value> maps = again                   ? maps_of_head(network)
                            : head.features.empty() ? usual_maps(body, network, kind)
                                                    : stage_maps(body.network, head.features, kind.finest);
  if (kind.takes_one && head.features.empty()) maps.resize(1);
  HeadFeatures features(maps.back());
  if (again) features.former = std::make_shared<const Graph>(network);
  features.maps = std::move(maps);
  features.input = network.inputs.front().shape;
  return features;
}

/// `network` up to the frontier of its head, whose weights do not matter.
Graph up_to_frontier(const Graph& network, const Blueprint& head) {
  return cut_at_frontier(graft_head(network, head, initial_parameters(head)), kHeadStage).prefix;
}

/// What `head` takes of the network's own inputs crosses to it too.
void hand_over_inputs(Graph& body, const Graph& network, const Graph& head) {
  for (const Value& wanted : head.inputs) {
    const auto input = std::ranges::find(network.inputs, wanted.name, &Value::name);
    const bool there = std::ranges::find(body.outputs, wanted.name, &Value::name) != body.outputs.end();
    if (input == network.inputs.end() || there) continue;
    body.outputs.push_back(*input);
    if (!is_input_of(body, wanted.name)) body.inputs.push_back(*input);
  }
}

}  // namespace

HeadFeatures before_head(const Graph& network) { return body_of(network).features; }

HeadFeatures before_head(const Graph& network, const HeadSpec& head) {
  return taken_by(head, body_of(network), network);
}

Graph up_to_features(const Graph& network) { return body_of(network).network; }

Blueprint head_of(const Task& task, const Graph& network) {
  const Body body = body_of(network);
  return task.kind().make_head(task.head(), {.network = body.network, .features = taken_by(task.head(), body, network)},
                               task.width());
}

bool has_head(const Graph& network, const Blueprint& head) {
  return std::ranges::all_of(head.parameters, [&](const ParameterSpec& spec) {
    const Tensor* const known = network.parameters.find(spec.name);
    return known != nullptr && known->shape() == spec.shape;
  });
}

StateDict head_parameters(const Task& task, const Blueprint& head, const Graph& network,
                          const InitialOptions& options) {
  StateDict parameters = initial_parameters(head, options);
  const std::optional<HeadSpec> there = head_in(network.parameters);
  if (!task.kind().begins_able() && !(there && there->kind == task.head().kind)) return parameters;
  for (const ParameterSpec& spec : head.parameters)
    if (const Tensor* const known = network.parameters.find(spec.name);
        known != nullptr && known->shape() == spec.shape)
      parameters.set(spec.name, *known);
  return parameters;
}

std::size_t keep_known_units(StateDict& parameters, const Graph& network, const std::vector<std::string>& former,
                             const std::vector<std::string>& units) {
  std::size_t known = 0;
  for (const char* name : {"head.weight", "head.bias"}) {
    const Tensor *const before = network.parameters.find(name), *const now = parameters.find(name);
    if (before == nullptr || now == nullptr || before->dtype() != DType::f32 || now->dtype() != DType::f32) continue;
    const std::size_t width = now->size() / std::max<std::size_t>(units.size(), 1);
    if (before->size() != former.size() * width || now->size() != units.size() * width) continue;
    std::vector<float> values(now->as<float>().begin(), now->as<float>().end());
    known = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto same = std::ranges::find(former, units[i]);
      if (same == former.end()) continue;
      const auto from = static_cast<std::size_t>(same - former.begin()) * width;
      std::ranges::copy(before->as<float>().subspan(from, width),
                        values.begin() + static_cast<std::ptrdiff_t>(i * width));
      ++known;
    }
    parameters.set(name, Tensor::of<float>(now->shape(), std::span<const float>(values)));
  }
  return known;
}

Graph graft_head(const Graph& network, const Blueprint& head, const StateDict& parameters) {
  Graph body = body_of(network).network;
  hand_over_inputs(body, network, head.graph);
  const auto is_output = [&](const Value& value) {
    return std::ranges::find(body.outputs, value.name, &Value::name) != body.outputs.end();
  };
  if (!std::ranges::all_of(head.graph.inputs, is_output)) body = up_to(std::move(body), head.graph.inputs);
  StateDict own = parameters;
  for (const ParameterSpec& spec : head.parameters)
    if (const Tensor* const shared = body.parameters.find(spec.name)) own.set(spec.name, *shared);
  Graph whole = join(body, head.fill(own, "head"));
  infer_shapes(whole);
  return whole;
}

void keep_answer(Graph& network) {
  std::erase_if(network.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
}

Graph frozen_part(const Graph& network, const std::string& pool) {
  return frozen_part(network, {.pool = pool, .output = "linear"});
}

Graph frozen_part(const Graph& network, const TaskKind& kind, const HeadSpec& head) {
  const Body body = body_of(network);
  return up_to_frontier(network,
                        kind.make_head(head, {.network = body.network, .features = taken_by(head, body, network)}, 1));
}

Graph frozen_part(const Graph& network, const HeadSpec& head) {
  return up_to_frontier(network, head_network(head, before_head(network, head), 1));
}

}  // namespace enxerto
