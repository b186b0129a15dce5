#include "enxerto/graph/crossing.h"

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/graph/role.h"
#include "enxerto/graph/training_only.h"

namespace enxerto {
namespace {

/// Symbols of the inputs: the outermost one counts examples.
SymbolSizes nominal_sizes(const Graph& graph) {
  SymbolSizes sizes;
  for (const Value& input : graph.inputs)
    if (!input.shape.empty() && input.shape.front().is_symbolic()) sizes.emplace(input.shape.front().symbol, 1);
  for (const Value& input : graph.inputs)
    for (const Dim& dim : input.shape)
      if (dim.is_symbolic()) sizes.emplace(dim.symbol, kUsualLength);
  return sizes;
}

}  // namespace

Crossing::Crossing(const Graph& graph) : Crossing(graph, infer_shapes(graph)) {}

Crossing::Crossing(const Graph& graph, ValueTypes types)
    : graph_(graph), types_(std::move(types)), sizes_(nominal_sizes(graph)) {
  for (const Value& input : graph.inputs) {
    inputs_.insert(input.name);
    order_.push_back(input.name);
  }
  varying_ = inputs_;
  for (const Node& node : graph.nodes) {
    order_.insert(order_.end(), node.outputs.begin(), node.outputs.end());
    made_.insert(node.outputs.begin(), node.outputs.end());
    const bool depends =
        std::ranges::any_of(node.inputs, [&](const std::string& name) { return varying_.contains(name); });
    if (depends) varying_.insert(node.outputs.begin(), node.outputs.end());
  }
  find_plain();
}

void Crossing::find_plain() {
  const auto known_roles = roles(graph_);
  for (const std::string_view input : inputs_) plain_[input] = {input};
  for (const Node& node : graph_.nodes) {
    const auto is_plain = [&](const std::string& name) {
      const auto role = known_roles.find(name);
      if (role != known_roles.end()) return role->second == Role::constant;
      return name.empty() || plain_.contains(name) || (made_.contains(name) && !varying_.contains(name));
    };
    if (is_training_only(node) || !std::ranges::all_of(node.inputs, is_plain)) continue;
    std::set<std::string_view> from;
    for (const std::string& name : node.inputs)
      if (const auto made = plain_.find(name); made != plain_.end())
        from.insert(made->second.begin(), made->second.end());
    if (from.empty()) continue;
    for (const std::string& output : node.outputs) plain_[output] = {from.begin(), from.end()};
  }
}

std::size_t Crossing::bytes_of(std::string_view name) const {
  const ValueType& type = types_.at(std::string(name));
  std::size_t bytes = size_of(type.dtype);
  for (const Dim& dim : type.shape) bytes *= static_cast<std::size_t>(size_at(dim, sizes_).value_or(1));
  return bytes;
}

bool Crossing::varies(std::string_view name) const {
  const SymbolicShape& shape = types_.at(std::string(name)).shape;
  SymbolSizes longer = sizes_;
  for (auto& [symbol, size] : longer)
    if (size != 1) ++size;
  return std::ranges::any_of(shape, [&](const Dim& dim) { return size_at(dim, sizes_) != size_at(dim, longer); });
}

Crossing::Names Crossing::used_behind(std::size_t position) const {
  Names used;
  for (std::size_t i = position; i < graph_.nodes.size(); ++i)
    used.insert(graph_.nodes[i].inputs.begin(), graph_.nodes[i].inputs.end());
  for (const Value& output : graph_.outputs) used.insert(output.name);
  Names made = inputs_;
  for (std::size_t i = 0; i < position; ++i)
    made.insert(graph_.nodes[i].outputs.begin(), graph_.nodes[i].outputs.end());
  Names crossing;
  for (const std::string_view name : used)
    if (made.contains(name) && varying_.contains(name)) crossing.insert(name);
  return crossing;
}

void Crossing::put_inputs_in_place(Names& crossing) const {
  // Again after a change: an input that crosses already costs the next value nothing.
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::string_view name : order_) {
      const auto plain = plain_.find(name);
      if (!crossing.contains(name) || inputs_.contains(name) || plain == plain_.end()) continue;
      std::size_t bytes = 0;
      for (const std::string_view input : plain->second) bytes += crossing.contains(input) ? 0 : bytes_of(input);
      if (bytes > bytes_of(name) && !varies(name)) continue;
      crossing.erase(name);
      crossing.insert(plain->second.begin(), plain->second.end());
      changed = true;
    }
  }
}

std::vector<std::string> Crossing::at(std::size_t position) const {
  Names crossing = used_behind(position);
  put_inputs_in_place(crossing);
  std::vector<std::string> names;
  for (const std::string_view name : order_)
    if (crossing.contains(name)) names.emplace_back(name);
  return names;
}

std::size_t Crossing::bytes_at(std::size_t position) const {
  std::size_t bytes = 0;
  for (const std::string& name : at(position)) bytes += bytes_of(name);
  return bytes;
}

}  // namespace enxerto
