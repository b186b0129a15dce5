#include "enxerto/onnx/parameter_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_made_up(std::string_view name) {
  if (is_number(name)) return true;
  constexpr std::array<std::string_view, 3> kParts{"Constant_", "const_fold_opt__", "_output_"};
  if (std::any_of(kParts.begin(), kParts.end(), [&](auto part) { return name.find(part) != std::string_view::npos; }))
    return true;
  constexpr std::array<std::string_view, 3> kStarts{"onnx::", "val_", "const_"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](auto start) { return name.starts_with(start); }) &&
         std::isdigit(static_cast<unsigned char>(name.back())) != 0;
}

std::string_view name_of_slot(Role role) {
  switch (role) {
    case Role::bias:
    case Role::norm_shift:
      return "bias";
    case Role::running_mean:
      return "running_mean";
    case Role::running_variance:
      return "running_var";
    default:
      return "weight";
  }
}

bool defines(const Graph& graph, const std::string& name) {
  const auto is_it = [&](const Value& value) { return value.name == name; };
  return graph.parameters.contains(name) || std::any_of(graph.inputs.begin(), graph.inputs.end(), is_it) ||
         std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
           return std::find(node.outputs.begin(), node.outputs.end(), name) != node.outputs.end();
         });
}

}  // namespace

Graph with_module_names(Graph graph, const std::unordered_map<std::string, std::string>& scopes) {
  std::unordered_map<std::string, std::string> names;  // old -> new
  std::unordered_map<std::string, std::string> taken;  // new -> old
  for (const Node& node : graph.nodes) {
    const auto scope = scopes.find(node.name);
    if (scope == scopes.end() || scope->second.empty()) continue;
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot) {
      const std::string& old = node.inputs[slot];
      if (names.contains(old) || !is_made_up(old) || !graph.parameters.contains(old)) continue;
      const std::string name = fmt::format("{}.{}", scope->second, name_of_slot(role_at(node.op, slot)));
      if (defines(graph, name) || !taken.emplace(name, old).second) continue;
      names.emplace(old, name);
    }
  }
  for (Node& node : graph.nodes)
    for (std::string& input : node.inputs)
      if (const auto name = names.find(input); name != names.end()) input = name->second;
  for (Value& output : graph.outputs)
    if (const auto name = names.find(output.name); name != names.end()) output.name = name->second;
  StateDict renamed;
  for (const auto& [old, tensor] : graph.parameters) {
    const auto name = names.find(old);
    renamed.set(name == names.end() ? old : name->second, tensor);
  }
  graph.parameters = std::move(renamed);
  return graph;
}

}  // namespace enxerto
