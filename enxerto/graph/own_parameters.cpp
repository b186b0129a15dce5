#include "enxerto/graph/own_parameters.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

class Owners {
 public:
  explicit Owners(const Graph& graph) : graph_(graph), result_(graph) {
    result_.nodes.clear();
    for (const auto& [name, role] : roles(graph))
      if (role != Role::constant && graph.parameters.contains(name)) plain_.insert(name);
    for (const Node& node : graph.nodes) note_if_plain(node);
  }

  Graph result() && {
    for (const Node& node : graph_.nodes) {
      if (makers_.contains(node.outputs.empty() ? "" : node.outputs[0])) continue;  // before its first user
      Node mine = node;
      const bool normalises = node.op.find("Normalization") != std::string::npos;
      for (std::size_t i = 0; i < mine.inputs.size(); ++i)
        mine.inputs[i] = own(mine.inputs[i], normalises ? slot_of(node, i) : node.stage, node.stage);
      result_.nodes.push_back(std::move(mine));
    }
    return std::move(result_);
  }

 private:
  /// A shift that is trained must not be the mean that is only measured, though both are zeros at first: from the
  /// second slot that has the same parameter on, each has a name of its own.
  static std::string slot_of(const Node& node, std::size_t slot) {
    const auto first = std::ranges::find(node.inputs, node.inputs[slot]) - node.inputs.begin();
    return std::cmp_equal(first, slot) ? node.name : fmt::format("{}/{}", node.name, slot);
  }

  /// What is made from parameters alone, as a weight that is turned, goes with them.
  void note_if_plain(const Node& node) {
    const auto is_plain = [&](const std::string& name) { return plain_.contains(name); };
    const auto is_known = [&](const std::string& name) {
      return name.empty() || is_plain(name) || constant_.contains(name) || graph_.parameters.contains(name);
    };
    if (!std::ranges::all_of(node.inputs, is_known)) return;
    const bool plain = std::ranges::any_of(node.inputs, is_plain);
    const bool leaves = std::ranges::any_of(graph_.outputs, [&](const Value& output) {
      return std::ranges::find(node.outputs, output.name) != node.outputs.end();
    });
    if (leaves || node.outputs.size() != 1) return;
    (plain ? plain_ : constant_).insert(node.outputs[0]);
    if (plain) makers_[node.outputs[0]] = &node;
  }

  /// The name under which `owner`, of `stage`, uses a value.
  std::string own(const std::string& value, const std::string& owner, const std::string& stage) {
    if (!plain_.contains(value)) return value;
    const auto place = names_.find({value, owner});
    if (place != names_.end()) return place->second;
    const bool first = owned_.insert(value).second;
    std::string name = first ? value : fmt::format("{}/{}", value, owner);
    const auto maker = makers_.find(value);
    if (maker == makers_.end()) {
      if (!first) result_.parameters.set(name, graph_.parameters.at(value));
    } else {
      Node copy = *maker->second;
      copy.stage = stage;
      copy.outputs[0] = name;
      if (!first) copy.name = name;
      for (std::string& input : copy.inputs) input = own(input, owner, stage);
      result_.nodes.push_back(std::move(copy));
    }
    names_[{value, owner}] = name;
    return name;
  }

  const Graph& graph_;
  Graph result_;
  std::unordered_set<std::string> plain_, constant_, owned_;
  std::unordered_map<std::string, const Node*> makers_;
  std::map<std::pair<std::string, std::string>, std::string> names_;
};

}  // namespace

Graph with_own_parameters(const Graph& graph) { return Owners(graph).result(); }

}  // namespace enxerto
