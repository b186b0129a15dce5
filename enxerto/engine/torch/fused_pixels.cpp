#include "enxerto/engine/torch/fused_pixels.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

constexpr std::size_t kSizes = 3;  // the input of Resize

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

/// Who makes each value of a graph, which must outlive this, and who takes it.
class Values {
 public:
  explicit Values(const Graph& graph) {
    for (const Node& node : graph.nodes) {
      for (const std::string& output : node.outputs) values_[output].maker = &node;
      for (const std::string& input : node.inputs) values_[input].takers.push_back(&node);
    }
    for (const Value& output : graph.outputs) values_[output.name].takers.push_back(nullptr);
  }

  /// The node of that operator that makes the value; null: another one, or none, does.
  const Node* maker(const std::string& value, std::string_view op) const {
    const auto found = values_.find(value);
    const Node* const node = found == values_.end() ? nullptr : found->second.maker;
    return node != nullptr && node->op == op ? node : nullptr;
  }

  /// The same where nothing but one node needs the value.
  const Node* maker_for_one(const std::string& value, std::string_view op) const {
    const Node* const node = maker(value, op);
    return node != nullptr && values_.at(value).takers.size() == 1 ? node : nullptr;
  }

  /// The only one that takes the value, a node of that operator; else null.
  const Node* only_taker(const std::string& value, std::string_view op) const {
    const std::vector<const Node*>& takers = values_.at(value).takers;
    return takers.size() == 1 && takers[0] != nullptr && takers[0]->op == op ? takers[0] : nullptr;
  }

  /// Whether it is the constant 0 of int64.
  bool is_zero(const std::string& value) const {
    const Node* const constant = maker(value, "Constant");
    if (constant == nullptr) return false;
    const Tensor& tensor = required_attribute<Tensor>(*constant, "value");
    return tensor.dtype() == DType::i64 && tensor.size() == 1 && tensor.as<std::int64_t>()[0] == 0;
  }

 private:
  struct Use {
    const Node* maker = nullptr;
    std::vector<const Node*> takers;  // null: the value is an output of the graph
  };
  std::unordered_map<std::string, Use> values_;
};

/// The class numbers by which `gather` chooses. Of pixels without a class they are below 0, are raised to 0 for it, and
/// what is chosen is then multiplied by 0: there the numbers as they were.
std::string numbers_of(const Values& values, const Node& gather) {
  const std::string& given = gather.inputs.at(1);
  const Node* const raised = values.maker(given, "Max");
  const Node* const product = values.only_taker(gather.outputs.at(0), "Mul");
  if (raised == nullptr || product == nullptr || raised->inputs.size() != 2) return given;
  const std::string& factor = product->inputs.at(product->inputs.at(0) == gather.outputs[0] ? 1 : 0);
  const Node* const cast = values.maker(factor, "Cast");
  const Node* const there = cast == nullptr ? nullptr : values.maker(cast->inputs.at(0), "GreaterOrEqual");
  const bool vanishes = there != nullptr && there->inputs.at(0) == raised->inputs[0] &&
                        values.is_zero(there->inputs.at(1)) && values.is_zero(raised->inputs[1]);
  return vanishes ? raised->inputs[0] : given;
}

}  // namespace

Graph with_fused_pixels(const Graph& graph) {
  const Values values(graph);
  Graph fused = graph;
  std::vector<std::string> gone;  // outputs of what is in the one operation
  for (Node& node : fused.nodes) {
    if (node.op != "GatherElements" || !is_over_channels(node, 0)) continue;
    const Node* const logarithms = values.maker_for_one(node.inputs.at(0), "LogSoftmax");
    if (logarithms == nullptr || !is_over_channels(*logarithms, -1)) continue;
    const Node* const resize = values.maker_for_one(logarithms->inputs.at(0), "Resize");
    if (resize == nullptr || !is_plain_resize(*resize)) continue;
    gone.push_back(logarithms->outputs.at(0));
    gone.push_back(resize->outputs.at(0));
    node.inputs = {resize->inputs[0], resize->inputs[kSizes], numbers_of(values, node)};
    node.op = kResizedLogarithms;
    node.attributes = {};
  }
  std::erase_if(fused.nodes, [&](const Node& node) {
    return !node.outputs.empty() && std::ranges::find(gone, node.outputs[0]) != gone.end();
  });
  return fused;
}

}  // namespace enxerto
