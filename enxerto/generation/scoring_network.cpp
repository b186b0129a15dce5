#include "enxerto/generation/scoring_network.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/language_model_head.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

bool gives(const Node& node, std::string_view value) {
  return std::ranges::find(node.outputs, value) != node.outputs.end();
}

Node constant_node(const std::string& name, const Ints& values) {
  Node node{.name = name,
            .op = "Constant",
            .stage = std::string(kHeadStage),
            .inputs = {},
            .outputs = {name},
            .attributes = {}};
  node.attributes["value"] = Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
  return node;
}

/// The nodes by which `of`, (batch, tokens, width), becomes (batch, width), of its last token.
std::vector<Node> last_of(const std::string& of, const std::string& name) {
  const std::string stage(kHeadStage);
  std::vector<Node> nodes{constant_node(name + ".first", {-1}),
                          constant_node(name + ".end", {std::numeric_limits<std::int64_t>::max()}),
                          constant_node(name + ".axis", {1})};
  nodes.push_back({.name = name + ".one",
                   .op = "Slice",
                   .stage = stage,
                   .inputs = {of, name + ".first", name + ".end", name + ".axis"},
                   .outputs = {name + ".one"},
                   .attributes = {}});
  nodes.push_back({.name = name,
                   .op = "Squeeze",
                   .stage = stage,
                   .inputs = {name + ".one", name + ".axis"},
                   .outputs = {name},
                   .attributes = {}});
  return nodes;
}

}  // namespace

Graph scoring_network(const Graph& network) {
  Graph scores = network;
  const auto words = std::ranges::find_if(scores.nodes, [](const Node& node) { return gives(node, kNextWords); });
  const auto begin = std::ranges::find(scores.nodes, kHeadStage, &Node::stage);
  if (words == scores.nodes.end() || begin == scores.nodes.end())
    throw weights_error(network.name, "no scores of words at its end", "a language model",
                        "one that `enxerto train --task language_modelling` saved");
  const ValueTypes types = infer_shapes(scores);
  scores.outputs = {
      {.name = std::string(kNextWords), .dtype = DType::f32, .shape = types.at(std::string(kNextWords)).shape}};
  scores = without_dead_nodes(scores);
  const std::size_t head = stage_begin(scores, kHeadStage);
  const auto is_states = [&](const std::string& value) {
    const auto found = types.find(value);
    return found != types.end() && found->second.shape.size() == 3;
  };
  std::string states;
  for (const std::string& value : crossing(scores, head))
    if (is_states(value)) states = value;
  const std::string last = "head.last";
  for (std::size_t i = head; i < scores.nodes.size(); ++i) {
    std::ranges::replace(scores.nodes[i].inputs, states, last);
    std::ranges::replace(scores.nodes[i].outputs, std::string(kNextWords), std::string(kScores));
  }
  std::vector<Node> nodes = last_of(states, last);
  scores.nodes.insert(scores.nodes.begin() + static_cast<std::ptrdiff_t>(head), std::make_move_iterator(nodes.begin()),
                      std::make_move_iterator(nodes.end()));
  const SymbolicShape& all = scores.outputs.front().shape;
  scores.outputs = {{.name = kScores, .dtype = DType::f32, .shape = {all.front(), all.back()}}};
  check(scores);
  return scores;
}

}  // namespace enxerto
