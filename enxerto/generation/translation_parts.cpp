#include "enxerto/generation/translation_parts.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/generation/attention_sites.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/zoo/translation_input.h"

namespace enxerto {
namespace {

constexpr std::int64_t kBytesOfFloat = 4;
using Names = std::unordered_set<std::string>;

Names inputs_named(const Graph& graph, bool decoder) {
  Names names;
  for (const Value& input : graph.inputs)
    if ((input.name == kDecoderIds) == decoder) names.insert(input.name);
  return names;
}

/// The values that nodes make of these, and these.
Names made_of(const Graph& graph, Names names) {
  for (const Node& node : graph.nodes) {
    const bool depends =
        std::ranges::any_of(node.inputs, [&](const std::string& name) { return names.contains(name); });
    if (depends) names.insert(node.outputs.begin(), node.outputs.end());
  }
  return names;
}

class Division {
 public:
  explicit Division(const Graph& network)
      : network_(network),
        types_(infer_shapes(network)),
        of_target_(made_of(network, inputs_named(network, true))),
        of_source_(made_of(network, inputs_named(network, false))) {
    if (inputs_named(network, true).empty() || !types_.contains(std::string(kNextWords)))
      throw weights_error(network.name, "it does not write one text for another", "a translation network");
    for (const AttentionSite& site : attention_sites(network)) {
      const bool own = of_target_.contains(site.key);
      const bool crosses = !own && is_of_target(network.nodes[site.value_reader]);
      if (own) sites_.push_back(site);
      // What turns keys of the source stays beside the product, where the engine looks for it.
      if (crosses)
        of_target_.insert(network.nodes[site.key_reader].outputs.begin(), network.nodes[site.key_reader].outputs.end());
    }
  }

  TranslationParts parts() {
    TranslationParts parts;
    parts.step.graph = step();
    parts.memory = memory();
    keep_attention(parts.step);
    keep_cells(parts.step);
    parts.step.graph = without_dead_nodes(parts.step.graph);
    std::erase_if(parts.step.graph.inputs, [&](const Value& input) { return !is_used(parts.step.graph, input.name); });
    parts.step.attends = true;
    check(parts.step.graph);
    check(parts.memory);
    return parts;
  }

 private:
  bool is_of_target(const Node& node) const {
    return std::ranges::any_of(node.outputs, [&](const std::string& name) { return of_target_.contains(name); });
  }
  bool is_of_source(const Node& node) const {
    return !is_of_target(node) &&
           std::ranges::any_of(node.outputs, [&](const std::string& name) { return of_source_.contains(name); });
  }
  static bool is_used(const Graph& graph, const std::string& value) {
    const auto takes = [&](const Node& node) { return std::ranges::find(node.inputs, value) != node.inputs.end(); };
    return std::ranges::any_of(graph.nodes, takes);
  }

  /// What the target's side takes from the source's.
  std::vector<std::string> crossing_values() const {
    std::vector<std::string> found;
    for (const Node& node : network_.nodes) {
      if (!is_of_target(node)) continue;
      for (const std::string& name : node.inputs)
        if (of_source_.contains(name) && !of_target_.contains(name) && std::ranges::find(found, name) == found.end())
          found.push_back(name);
    }
    return found;
  }

  Value value_named(const std::string& name) const {
    const ValueType& type = types_.at(name);
    return {.name = name, .dtype = type.dtype, .shape = type.shape};
  }

  Graph memory() const {
    Graph memory = network_;
    std::erase_if(memory.nodes, [&](const Node& node) { return is_of_target(node); });
    std::erase_if(memory.inputs, [](const Value& input) { return input.name == kDecoderIds; });
    memory.outputs.clear();
    for (const std::string& name : crossing_values()) memory.outputs.push_back(value_named(name));
    return without_dead_nodes(memory);
  }

  Graph step() const {
    Graph step = network_;
    std::erase_if(step.nodes, [&](const Node& node) { return is_of_source(node) || node.name == kDecoderPositions; });
    step.inputs = {value_named(kDecoderIds)};
    for (const std::string& name : crossing_values()) step.inputs.push_back(value_named(name));
    for (Node& node : step.nodes) {
      const bool of_keys = node.name == "decoder.of";
      std::ranges::replace(node.inputs, std::string(kDecoderPositions),
                           std::string(of_keys ? kKeyPositions : kPositionIds));
    }
    step.inputs.push_back({.name = kPositionIds, .dtype = DType::i64, .shape = {"batch", "words"}});
    step.inputs.push_back({.name = kKeyPositions, .dtype = DType::i64, .shape = {"batch", "total"}});
    const std::string axis = "head.word_axis", stage = step.nodes.back().stage;
    step.nodes.push_back(
        {.name = axis, .op = "Constant", .stage = stage, .inputs = {}, .outputs = {axis}, .attributes = {}});
    step.nodes.back().attributes["value"] = Tensor::of<std::int64_t>({1}, {1});
    step.nodes.push_back({.name = kScores,
                          .op = "Squeeze",
                          .stage = stage,
                          .inputs = {std::string(kNextWords), axis},
                          .outputs = {kScores},
                          .attributes = {}});
    step.outputs = {
        {.name = kScores, .dtype = DType::f32, .shape = {"batch", types_.at(std::string(kNextWords)).shape.back()}}};
    return step;
  }

  static void keep(CachedNetwork& step, const std::string& name, SymbolicShape before, SymbolicShape after) {
    const KeptState state{.input = "past." + name, .output = "present." + name};
    step.graph.inputs.push_back({.name = state.input, .dtype = DType::f32, .shape = std::move(before)});
    step.graph.outputs.push_back({.name = state.output, .dtype = DType::f32, .shape = std::move(after)});
    step.states.push_back(state);
  }

  void keep_attention(CachedNetwork& step) const {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      keep_heads(step, sites_[i].key, network_.nodes[sites_[i].key_reader].name, fmt::format("key.{}", i));
      keep_heads(step, sites_[i].value, network_.nodes[sites_[i].value_reader].name, fmt::format("value.{}", i));
    }
  }

  void keep_heads(CachedNetwork& step, const std::string& heads, const std::string& reader,
                  const std::string& name) const {
    const SymbolicShape& shape = types_.at(heads).shape;
    keep(step, name, {"batch", shape[1], "past", shape[3]}, {"batch", shape[1], "total", shape[3]});
    step.bytes_per_token += shape[1].size * shape[3].size * kBytesOfFloat;
    const auto at = std::ranges::find(step.graph.nodes, reader, &Node::name);
    std::ranges::replace(at->inputs, heads, "present." + name);
    step.graph.nodes.insert(at, {.name = "present." + name,
                                 .op = "Concat",
                                 .stage = at->stage,
                                 .inputs = {"past." + name, heads},
                                 .outputs = {"present." + name},
                                 .attributes = {{"axis", std::int64_t{2}}}});
  }

  /// A recurrent unit of the zoo's is one product and one sum where it reads a single word.
  void keep_cells(CachedNetwork& step) const {
    std::vector<std::string> cells;
    for (const Node& node : step.graph.nodes)
      if (node.name.ends_with(kCell)) cells.push_back(node.name);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string scope = cells[i].substr(0, cells[i].size() - std::string_view(kCell).size());
      const std::string name = fmt::format("cell.{}", i), kept = scope + "rnn.kept";
      const Dim width = types_.at(cells[i]).shape.back();
      keep(step, name, {"batch", 1, width}, {"batch", 1, width});
      step.bytes_at_once += width.size * kBytesOfFloat;
      const auto at = std::ranges::find(step.graph.nodes, cells[i], &Node::name);
      const std::string stage = at->stage;
      *at = {.name = "present." + name,
             .op = "Add",
             .stage = stage,
             .inputs = {kept, scope + kCandidate},
             .outputs = {"present." + name},
             .attributes = {}};
      step.graph.nodes.insert(at, {.name = kept,
                                   .op = "Mul",
                                   .stage = stage,
                                   .inputs = {scope + kForget, "past." + name},
                                   .outputs = {kept},
                                   .attributes = {}});
      for (Node& node : step.graph.nodes) std::ranges::replace(node.inputs, cells[i], "present." + name);
    }
  }

  const Graph& network_;
  ValueTypes types_;
  Names of_target_, of_source_;
  std::vector<AttentionSite> sites_;  // of the target to itself
};

}  // namespace

TranslationParts translation_parts(const Graph& network) { return Division(network).parts(); }

}  // namespace enxerto
