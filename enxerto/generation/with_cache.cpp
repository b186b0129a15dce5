#include "enxerto/generation/with_cache.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/generation/attention_sites.h"
#include "enxerto/graph/carried_state.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr std::int64_t kFloatBytes = 4;

/// Adds what is kept to a graph, and remembers nodes that are to stand before others.
class Rewriting {
 public:
  explicit Rewriting(const Graph& network) : types_(infer_shapes(network)) { cached_.graph = network; }

  void keep_attention(const AttentionSite& site, std::size_t number) {
    keep_heads(site.key, site.key_reader, fmt::format("key.{}", number));
    keep_heads(site.value, site.value_reader, fmt::format("value.{}", number));
  }

  void keep_layers() {
    Graph& graph = cached_.graph;
    for (const Node& node : graph.nodes) {
      if (recurrent_gates(node.op) == 0 || has_state_to_carry(node)) continue;
      if (recurrent_directions(node) != 1)
        throw weights_error(graph.name, fmt::format("'{}' reads in both directions", node.name),
                            "layers that read forwards");
      throw weights_error(graph.name, fmt::format("'{}' has states of its own", node.name),
                          "layers that begin at zero");
    }
    const std::size_t inputs = graph.inputs.size();
    CarryingGraph carrying = with_carried_states(std::move(graph));
    cached_.states = std::move(carrying.carried);
    graph = std::move(carrying.graph);
    for (const Value& state : std::span(graph.inputs).subspan(inputs))
      cached_.bytes_at_once += state.shape.back().size * kFloatBytes;
  }

  /// Queries, words and angles are of new tokens alone; the keys that a mask is for are all.
  void tell_positions() {
    Graph& graph = cached_.graph;
    const auto mask = std::ranges::find(graph.inputs, kAttentionMask, &Value::name);
    const auto made = std::ranges::find_if(graph.nodes, [](const Node& node) { return node.name == "positions"; });
    if (mask == graph.inputs.end() || mask->shape.size() != 2 || made == graph.nodes.end())
      throw weights_error(graph.name, "its positions are not made of an attention_mask", "a network of the zoo");
    mask->shape[1] = "total";
    const std::string all = made->outputs[0];
    for (Node& node : graph.nodes)
      if (!is_of_keys(node)) std::ranges::replace(node.inputs, all, std::string(kPositionIds));
    graph.inputs.push_back({.name = kPositionIds, .dtype = DType::i64, .shape = {"batch", "tokens"}});
    cached_.attends = true;
  }

  CachedNetwork finish() && {
    Graph& graph = cached_.graph;
    std::ranges::stable_sort(joints_, {}, [](const auto& joint) { return joint.first; });
    for (auto joint = joints_.rbegin(); joint != joints_.rend(); ++joint)
      graph.nodes.insert(graph.nodes.begin() + static_cast<std::ptrdiff_t>(joint->first), std::move(joint->second));
    check(graph);
    return std::move(cached_);
  }

 private:
  void add(const KeptState& state, const SymbolicShape& before, const SymbolicShape& after) {
    cached_.graph.inputs.push_back({.name = state.input, .dtype = DType::f32, .shape = before});
    cached_.graph.outputs.push_back({.name = state.output, .dtype = DType::f32, .shape = after});
    cached_.states.push_back(state);
  }

  void keep_heads(const std::string& heads, std::size_t reader, const std::string& name) {
    const SymbolicShape& shape = types_.at(heads).shape;
    if (shape.size() != 4 || shape[1].is_symbolic() || shape[3].is_symbolic())
      throw weights_error(cached_.graph.name, fmt::format("'{}' is {}", heads, to_string(shape)),
                          "heads (batch, heads, tokens, width)");
    const KeptState state{.input = "past." + name, .output = "present." + name};
    add(state, {"batch", shape[1], "past", shape[3]}, {"batch", shape[1], "total", shape[3]});
    Node& node = cached_.graph.nodes[reader];
    joints_.emplace_back(reader, Node{.name = state.output,
                                      .op = "Concat",
                                      .stage = node.stage,
                                      .inputs = {state.input, heads},
                                      .outputs = {state.output},
                                      .attributes = {{"axis", std::int64_t{2}}}});
    std::ranges::replace(node.inputs, heads, state.output);
    cached_.bytes_per_token += shape[1].size * shape[3].size * kFloatBytes;
  }

  /// (batch, total) -> (batch, 1, 1, total).
  bool is_of_keys(const Node& node) const {
    if (node.op != "Unsqueeze" || node.inputs.size() != 2) return false;
    const Graph& graph = cached_.graph;
    const auto axes = std::ranges::find_if(
        graph.nodes, [&](const Node& maker) { return maker.op == "Constant" && maker.outputs[0] == node.inputs[1]; });
    if (axes == graph.nodes.end()) return false;
    const auto numbers = std::get<Tensor>(axes->attributes.at("value")).as<std::int64_t>();
    return std::ranges::equal(numbers, std::array<std::int64_t, 2>{1, 2});
  }

  ValueTypes types_;
  CachedNetwork cached_;
  std::vector<std::pair<std::size_t, Node>> joints_;  // nodes, and before which each is to stand
};

}  // namespace

CachedNetwork with_cache(const Graph& network) {
  Rewriting rewriting(network);
  const std::vector<AttentionSite> sites = attention_sites(network);
  const bool recurrent =
      std::ranges::any_of(network.nodes, [](const Node& node) { return recurrent_gates(node.op) > 0; });
  if (recurrent) rewriting.keep_layers();
  if (recurrent == !sites.empty())
    throw weights_error(network.name,
                        recurrent ? "both attention and recurrent layers" : "neither attention nor recurrent layers",
                        "a network of the zoo: GPT-2, GPT-NeoX, Llama, Qwen2, an LSTM");
  for (std::size_t i = 0; i < sites.size(); ++i) rewriting.keep_attention(sites[i], i);
  if (!sites.empty()) rewriting.tell_positions();
  return std::move(rewriting).finish();
}

}  // namespace enxerto
