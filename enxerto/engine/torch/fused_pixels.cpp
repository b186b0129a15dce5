#include "enxerto/engine/torch/fused_pixels.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

constexpr std::size_t kSizes = 3;  // the input of Resize

/// Who makes a value, and how often it is used.
struct Made {
  std::size_t node = SIZE_MAX, uses = 0;
};

std::map<std::string, Made, std::less<>> values_of(const Graph& graph) {
  std::map<std::string, Made, std::less<>> values;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) values[output].node = i;
    for (const std::string& input : graph.nodes[i].inputs) ++values[input].uses;
  }
  for (const Value& output : graph.outputs) ++values[output.name].uses;
  return values;
}

/// The node that makes an input which nothing else needs; null: there is none of that operator.
const Node* only_for(const Graph& graph, const std::map<std::string, Made, std::less<>>& values, std::string_view input,
                     std::string_view op) {
  const auto found = values.find(input);
  if (found == values.end() || found->second.node == SIZE_MAX || found->second.uses != 1) return nullptr;
  const Node& node = graph.nodes[found->second.node];
  return node.op == op ? &node : nullptr;
}

bool is_over_channels(const Node& node, std::int64_t fallback) {
  return attribute<std::int64_t>(node, "axis", fallback) == 1;
}

bool is_plain_resize(const Node& node) {
  return node.inputs.size() == kSizes + 1 && attribute<std::string>(node, "mode", "nearest") == "linear" &&
         attribute<std::string>(node, "coordinate_transformation_mode", "half_pixel") == "half_pixel" &&
         attribute<std::vector<std::int64_t>>(node, "axes", {}) == std::vector<std::int64_t>{2, 3} &&
         attribute<std::int64_t>(node, "antialias", 0) == 0 &&
         attribute<std::string>(node, "keep_aspect_ratio_policy", "stretch") == "stretch";
}

const Node* maker_of(const Graph& graph, const std::map<std::string, Made, std::less<>>& values, std::string_view value,
                     std::string_view op) {
  const auto found = values.find(value);
  if (found == values.end() || found->second.node == SIZE_MAX) return nullptr;
  const Node& node = graph.nodes[found->second.node];
  return node.op == op ? &node : nullptr;
}

/// The constant 0 of int64.
bool is_zero(const Graph& graph, const std::map<std::string, Made, std::less<>>& values, std::string_view value) {
  const Node* const constant = maker_of(graph, values, value, "Constant");
  if (constant == nullptr) return false;
  const Tensor& tensor = required_attribute<Tensor>(*constant, "value");
  return tensor.dtype() == DType::i64 && tensor.size() == 1 && tensor.as<std::int64_t>()[0] == 0;
}

/// Class numbers below 0, of pixels without a class, are raised to 0 before a class is chosen, and what is chosen there
/// is then multiplied by 0: the numbers as they were; empty: it is not so. `gathered`: what is chosen.
std::string numbers_with_gaps(const Graph& graph, const std::map<std::string, Made, std::less<>>& values,
                              const Node& gather) {
  const Node* const raised = maker_of(graph, values, gather.inputs.at(1), "Max");
  if (raised == nullptr || raised->inputs.size() != 2) return "";
  const std::string& numbers = raised->inputs[0];
  const auto user = std::ranges::find_if(graph.nodes, [&](const Node& node) {
    return std::ranges::find(node.inputs, gather.outputs.at(0)) != node.inputs.end();
  });
  if (user == graph.nodes.end() || user->op != "Mul" || values.find(gather.outputs[0])->second.uses != 1) return "";
  const std::string& factor = user->inputs.at(user->inputs.at(0) == gather.outputs[0] ? 1 : 0);
  const Node* const cast = maker_of(graph, values, factor, "Cast");
  const Node* const there = cast == nullptr ? nullptr : maker_of(graph, values, cast->inputs.at(0), "GreaterOrEqual");
  const bool same = there != nullptr && there->inputs.at(0) == numbers && is_zero(graph, values, there->inputs.at(1)) &&
                    is_zero(graph, values, raised->inputs[1]);
  return same ? numbers : "";
}

}  // namespace

Graph with_fused_pixels(const Graph& graph) {
  const auto values = values_of(graph);
  Graph fused = graph;
  std::vector<std::string> gone;  // outputs of what is in the one operation
  for (Node& node : fused.nodes) {
    if (node.op != "GatherElements" || !is_over_channels(node, 0)) continue;
    const Node* const logarithms = only_for(graph, values, node.inputs.at(0), "LogSoftmax");
    if (logarithms == nullptr || !is_over_channels(*logarithms, -1)) continue;
    const Node* const resize = only_for(graph, values, logarithms->inputs.at(0), "Resize");
    if (resize == nullptr || !is_plain_resize(*resize)) continue;
    gone.push_back(logarithms->outputs.at(0));
    gone.push_back(resize->outputs.at(0));
    node.op = kResizedLogarithms;
    const std::string with_gaps = numbers_with_gaps(graph, values, node);
    node.inputs = {resize->inputs[0], resize->inputs[kSizes], with_gaps.empty() ? node.inputs.at(1) : with_gaps};
    node.attributes = {};
  }
  std::erase_if(fused.nodes, [&](const Node& node) {
    return !node.outputs.empty() && std::ranges::find(gone, node.outputs[0]) != gone.end();
  });
  return fused;
}

}  // namespace enxerto
