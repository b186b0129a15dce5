#include "enxerto/graph/separators.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace enxerto {
namespace {

/// Where a value that depends on an input is made, and where it is used last.
struct Life {
  std::size_t from = 0, to = 0;  ///< it crosses before the nodes of these numbers, both of them too
};
using Lives = std::unordered_map<std::string, Life>;

Lives lives_of(const Graph& graph) {
  Lives lives;
  for (const Value& input : graph.inputs) lives[input.name] = {.from = 0, .to = 0};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    bool varies = false;
    for (const std::string& input : graph.nodes[i].inputs) {
      const auto life = lives.find(input);
      if (life == lives.end()) continue;
      life->second.to = i;
      varies = true;
    }
    if (!varies) continue;
    for (const std::string& output : graph.nodes[i].outputs)
      if (!output.empty()) lives[output] = {.from = i + 1, .to = i};
  }
  for (const Value& output : graph.outputs)
    if (const auto life = lives.find(output.name); life != lives.end()) life->second.to = graph.nodes.size();
  return lives;
}

}  // namespace

std::vector<Separator> separators(const Graph& graph) {
  const std::size_t count = graph.nodes.size();
  std::vector<std::vector<const std::string*>> begins(count + 2), ends(count + 2);
  const Lives lives = lives_of(graph);
  for (const auto& [name, life] : lives) {
    if (life.from > life.to) continue;
    begins[life.from].push_back(&name);
    ends[life.to + 1].push_back(&name);
  }
  std::vector<Separator> found;
  std::set<std::string> alive;
  for (std::size_t position = 0; position < count; ++position) {
    for (const std::string* name : ends[position]) alive.erase(*name);
    for (const std::string* name : begins[position]) alive.insert(*name);
    if (position > 0 && alive.size() == 1) found.push_back({.position = position, .value = *alive.begin()});
  }
  return found;
}

}  // namespace enxerto
