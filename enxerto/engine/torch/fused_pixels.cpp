#include "enxerto/engine/torch/fused_pixels.h"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/node_uses.h"

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

bool is_zero(const NodeUses& values, const std::string& value) {
  const Tensor* const tensor = values.constant(value);
  return tensor != nullptr && tensor->dtype() == DType::i64 && tensor->size() == 1 &&
         tensor->as<std::int64_t>()[0] == 0;
}

/// The class numbers by which `gather` chooses. Of pixels without a class they are below 0, are raised to 0 for it, and
/// what is chosen is then multiplied by 0: there the numbers as they were.
std::string numbers_of(const NodeUses& values, const Node& gather) {
  const std::string& given = gather.inputs.at(1);
  const Node* const raised = values.maker(given, "Max");
  const Node* const product = values.only_taker(gather.outputs.at(0), "Mul");
  if (raised == nullptr || product == nullptr || raised->inputs.size() != 2) return given;
  const std::string& factor = product->inputs.at(product->inputs.at(0) == gather.outputs[0] ? 1 : 0);
  const Node* const cast = values.maker(factor, "Cast");
  const Node* const there = cast == nullptr ? nullptr : values.maker(cast->inputs.at(0), "GreaterOrEqual");
  const bool vanishes = there != nullptr && there->inputs.at(0) == raised->inputs[0] &&
                        is_zero(values, there->inputs.at(1)) && is_zero(values, raised->inputs[1]);
  return vanishes ? raised->inputs[0] : given;
}

}  // namespace

Graph with_fused_pixels(const Graph& graph) {
  const NodeUses values(graph);
  Graph fused = graph;
  std::unordered_set<std::string> gone;  // outputs of what is in the one operation
  for (Node& node : fused.nodes) {
    if (node.op != "GatherElements" || !is_over_channels(node, 0)) continue;
    const Node* const logarithms = values.maker_for_one(node.inputs.at(0), "LogSoftmax");
    if (logarithms == nullptr || !is_over_channels(*logarithms, -1)) continue;
    const Node* const resize = values.maker_for_one(logarithms->inputs.at(0), "Resize");
    if (resize == nullptr || !is_plain_resize(*resize)) continue;
    gone.insert(logarithms->outputs.at(0));
    gone.insert(resize->outputs.at(0));
    node.inputs = {resize->inputs[0], resize->inputs[kSizes], numbers_of(values, node)};
    node.op = kResizedLogarithms;
    node.attributes = {};
  }
  return without_nodes(std::move(fused), gone);
}

}  // namespace enxerto
