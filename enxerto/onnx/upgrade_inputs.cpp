#include <algorithm>
#include <array>

#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/upgrade.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// Which attribute became which input.
struct Moved {
  std::string_view op, attribute;
  std::size_t slot;
};
constexpr std::array kMoved{
    Moved{"Squeeze", "axes", 1},    Moved{"Unsqueeze", "axes", 1},    Moved{"Split", "split", 1},
    Moved{"Slice", "starts", 1},    Moved{"Slice", "ends", 2},        Moved{"Slice", "axes", 3},
    Moved{"TopK", "k", 1},          Moved{"Pad", "pads", 1},          Moved{"ReduceL1", "axes", 1},
    Moved{"ReduceL2", "axes", 1},   Moved{"ReduceLogSum", "axes", 1}, Moved{"ReduceLogSumExp", "axes", 1},
    Moved{"ReduceMax", "axes", 1},  Moved{"ReduceMean", "axes", 1},   Moved{"ReduceMin", "axes", 1},
    Moved{"ReduceProd", "axes", 1}, Moved{"ReduceSum", "axes", 1},    Moved{"ReduceSumSquare", "axes", 1},
};

void set_input(Node& node, std::size_t slot, std::string value) {
  if (node.inputs.size() <= slot) node.inputs.resize(slot + 1);
  node.inputs[slot] = std::move(value);
}

Tensor tensor_of(const Node& node, std::string_view attribute) {
  const auto place = node.attributes.find(attribute);
  if (const auto* one = std::get_if<std::int64_t>(&place->second)) return Tensor::of<std::int64_t>({1}, {*one});
  if (const auto* many = std::get_if<Ints>(&place->second))
    return Tensor::of<std::int64_t>({static_cast<std::int64_t>(many->size())}, *many);
  fail_attribute(node, attribute, "of another type");
}

void move_attributes(Upgrade& upgrade, Node& node) {
  for (const Moved& row : kMoved) {
    if (row.op != node.op || !node.attributes.contains(row.attribute)) continue;
    set_input(node, row.slot, upgrade.constant(node, row.attribute, tensor_of(node, row.attribute)));
    node.attributes.erase(node.attributes.find(row.attribute));
  }
}

void move(Upgrade& upgrade, Node node) {
  move_attributes(upgrade, node);
  upgrade.add(std::move(node));
}

/// Before opset 18 the outputs themselves said how many parts there are.
void split(Upgrade& upgrade, Node node) {
  if (upgrade.opset() < 13) move_attributes(upgrade, node);
  const bool by_sizes = node.inputs.size() > 1 && !node.inputs[1].empty();
  if (!by_sizes) node.attributes["num_outputs"] = static_cast<std::int64_t>(node.outputs.size());
  upgrade.add(std::move(node));
}

void clip(Upgrade& upgrade, Node node) {
  const DType dtype = upgrade.type(node, 0).dtype;
  for (const auto& [name, slot] : {std::pair{"min", std::size_t{1}}, std::pair{"max", std::size_t{2}}}) {
    const float* bound = find_attribute<float>(node, name);
    if (bound != nullptr) set_input(node, slot, upgrade.constant(node, name, scalar_of(dtype, *bound)));
  }
  node.attributes.clear();
  upgrade.add(std::move(node));
}

void pad_with_inputs(Upgrade& upgrade, Node node) {
  move_attributes(upgrade, node);
  const auto value = attribute<float>(node, "value", 0.0F);
  set_input(node, 2, upgrade.constant(node, "value", scalar_of(upgrade.type(node, 0).dtype, value)));
  node.attributes.erase("value");
  upgrade.add(std::move(node));
}

constexpr std::array kUpgradeInputsRows{
    UpgradeRow{"Squeeze", 13, move},
    UpgradeRow{"Unsqueeze", 13, move},
    UpgradeRow{"ReduceSum", 13, move},
    UpgradeRow{"Slice", 10, move},
    UpgradeRow{"TopK", 10, move},
    UpgradeRow{"Split", 18, split},
    UpgradeRow{"Clip", 11, clip},
    UpgradeRow{"Pad", 11, pad_with_inputs},
    UpgradeRow{"ReduceL1", 18, move},
    UpgradeRow{"ReduceL2", 18, move},
    UpgradeRow{"ReduceLogSum", 18, move},
    UpgradeRow{"ReduceMax", 18, move},
    UpgradeRow{"ReduceMean", 18, move},
    UpgradeRow{"ReduceMin", 18, move},
    UpgradeRow{"ReduceProd", 18, move},
    UpgradeRow{"ReduceSumSquare", 18, move},
    UpgradeRow{"ReduceLogSumExp", 18, move},
};

}  // namespace

std::span<const UpgradeRow> input_upgrades() { return kUpgradeInputsRows; }

}  // namespace enxerto
