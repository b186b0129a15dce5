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

Crossing::Crossing(const Graph& graph, ValueTypes types)
    : graph_(graph), types_(std::move(types)), sizes_(nominal_sizes(graph)) {
  for (const Value& input : graph.inputs) {
    inputs_.insert(input.name);
    varying_.insert(input.name);
    order_.push_back(input.name);
  }
  for (const Node& node : graph.nodes) {
    order_.insert(order_.end(), node.outputs.begin(), node.outputs.end());
    const bool depends =
        std::ranges::any_of(node.inputs, [&](const std::string& name) { return varying_.contains(name); });
    if (depends) varying_.insert(node.outputs.begin(), node.outputs.end());
  }
  find_plain();
}

void Crossing::find_plain() {
  const auto known_roles = roles(graph_);
  Names made, constant;  // constant: made from nothing but constants
  for (const std::string_view input : inputs_) plain_[input] = {input};
  for (const Node& node : graph_.nodes) {
    std::set<std::string_view> from;
    const auto is_plain = [&](std::size_t slot) {
      const std::string& name = node.inputs[slot];
      if (const auto plain = plain_.find(name); plain != plain_.end()) {
        from.insert(plain->second.begin(), plain->second.end());
        return true;
      }
      if (name.empty() || constant.contains(name)) return true;
      if (made.contains(name)) return false;
      const auto role = known_roles.find(name);
      return (role == known_roles.end() ? role_at(node.op, slot) : role->second) == Role::constant;
    };
    // What convolutions make of inputs (a front end of fixed waves) is dear to make again.
    bool plain = !is_training_only(node) && node.op != "Conv";
    for (std::size_t slot = 0; plain && slot < node.inputs.size(); ++slot) plain = is_plain(slot);
    made.insert(node.outputs.begin(), node.outputs.end());
    if (!plain) continue;
    if (from.empty()) constant.insert(node.outputs.begin(), node.outputs.end());
    for (const std::string& output : node.outputs)
      if (!from.empty()) plain_[output] = {from.begin(), from.end()};
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
