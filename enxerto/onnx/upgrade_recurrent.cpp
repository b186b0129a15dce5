#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/onnx/upgrade.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kRecurrentOutputs{"Y", "Y_h", "Y_c"};

std::string usual_activations(std::string_view op) {
  if (op == "LSTM") return "Sigmoid Tanh Tanh";
  return op == "GRU" ? "Sigmoid Tanh" : "Tanh";
}

/// Exporters of Keras networks write out what is meant anyway.
void drop_usual_activations(Node& node) {
  const auto found = attribute<std::string>(node, "activations", "");
  std::string usual = usual_activations(node.op);
  const std::string once = usual;
  if (recurrent_directions(node) == 2) usual += " " + once;
  const auto same = [](char a, char b) { return (a | ' ') == (b | ' '); };  // letters of either case
  if (!found.empty() && !std::ranges::equal(found, usual, same))
    fail_upgrade(node, "activations " + found, usual + ": others are not supported");
  for (const char* name : {"activations", "activation_alpha", "activation_beta"}) node.attributes.erase(name);
}

/// Each output by name: what is left out would be taken for the inputs that are.
void name_outputs(Node& node) {
  const auto first = std::ranges::find_if(node.outputs, [](const std::string& name) { return !name.empty(); });
  if (first == node.outputs.end()) fail_upgrade(node, "no output", "at least one");
  const std::string& known = *first;
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].empty())
      node.outputs[i] = fmt::format("{}/{}", known, kRecurrentOutputs.at(std::min<std::size_t>(i, 2)));
}

using Axes = std::vector<std::int64_t>;

/// Layout 1 has the examples first; it is written as layout 0 between transpositions.
void put_length_first(Upgrade& upgrade, Node node) {
  node.attributes.erase("layout");
  const auto turned = [&](std::size_t slot, std::string_view role) {
    if (slot >= node.inputs.size() || node.inputs[slot].empty()) return;
    node.inputs[slot] = upgrade.step(
        node,
        {.op = "Transpose", .role = role, .inputs = {node.inputs[slot]}, .attributes = {{"perm", Axes{1, 0, 2}}}});
  };
  turned(0, "X");
  turned(5, "initial_h");
  turned(6, "initial_c");
  const std::vector<std::string> outputs = node.outputs;
  for (std::string& output : node.outputs) output += "/length_first";
  upgrade.add(node);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Axes axes = i == 0 ? Axes{2, 0, 1, 3} : Axes{1, 0, 2};
    upgrade.add({outputs[i], "Transpose", node.stage, {node.outputs[i]}, {outputs[i]}, {{"perm", axes}}});
  }
}

void recurrent_layer(Upgrade& upgrade, Node node) {
  drop_usual_activations(node);
  if (attribute<std::int64_t>(node, "input_forget", 0) == 0) node.attributes.erase("input_forget");
  name_outputs(node);
  // Which the forward engine wants to be told.
  if (const SymbolicShape& r = upgrade.type(node, 2).shape; r.size() == 3 && !r[2].is_symbolic())
    node.attributes.try_emplace("hidden_size", r[2].size);
  if (attribute<std::int64_t>(node, "layout", 0) == 1) return put_length_first(upgrade, std::move(node));
  node.attributes.erase("layout");
  upgrade.add(std::move(node));
}

constexpr std::array kUpgradeRecurrentRows{
    UpgradeRow{"LSTM", 0, recurrent_layer},
    UpgradeRow{"GRU", 0, recurrent_layer},
    UpgradeRow{"RNN", 0, recurrent_layer},
};

}  // namespace

std::span<const UpgradeRow> recurrent_upgrades() { return kUpgradeRecurrentRows; }

}  // namespace enxerto
