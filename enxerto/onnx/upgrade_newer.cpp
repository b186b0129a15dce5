#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/upgrade.h"

namespace enxerto {
namespace {

/// Opset 21 has a scale and a shift for each channel, opset 18 for each group. Both are written as an instance
/// normalisation of the groups, and a scale and a shift behind it.
void group_normalization(Upgrade& upgrade, Node node) {
  const auto groups = required_attribute<std::int64_t>(node, "num_groups");
  const SymbolicShape& x = upgrade.type(node, 0).shape;
  const SymbolicShape& scale = upgrade.type(node, 1).shape;
  upgrade.type(node, 2);
  const bool fits = x.size() >= 3 && x.size() <= 8 && groups > 0 && !x[1].is_symbolic() && x[1].size % groups == 0;
  if (!fits) fail_upgrade(node, fmt::format("{} groups of {}", groups, to_string(x)), "groups of whole channels");
  if (scale == SymbolicShape{groups} && scale != SymbolicShape{x[1]}) return upgrade.add(std::move(node));
  const DType dtype = upgrade.type(node, 0).dtype;
  const auto vector = [&](std::string_view role, double value) {
    const std::string one = upgrade.constant(node, fmt::format("{}1", role), scalar_of(dtype, value));
    const std::string length =
        upgrade.constant(node, fmt::format("{}n", role), Tensor::of<std::int64_t>({1}, {groups}));
    return upgrade.step(node, {.op = "Expand", .role = role, .inputs = {one, length}, .attributes = {}});
  };
  const auto reshaped = [&](std::string_view role, const std::string& value, const std::vector<std::int64_t>& shape) {
    const std::string to = upgrade.constant(node, fmt::format("{}_shape", role),
                                            Tensor::of<std::int64_t>({static_cast<std::int64_t>(shape.size())}, shape));
    return upgrade.step(node, {.op = "Reshape", .role = role, .inputs = {value, to}, .attributes = {}});
  };
  Attributes epsilon;
  if (node.attributes.contains("epsilon")) epsilon["epsilon"] = node.attributes.at("epsilon");
  const std::string grouped = reshaped("groups", node.inputs[0], {0, groups, -1});
  const std::string normal = upgrade.step(node, {.op = "InstanceNormalization",
                                                 .role = "normal",
                                                 .inputs = {grouped, vector("ones", 1), vector("zeros", 0)},
                                                 .attributes = epsilon});
  const std::string shape =
      upgrade.step(node, {.op = "Shape", .role = "shape", .inputs = {node.inputs[0]}, .attributes = {}});
  const std::string back =
      upgrade.step(node, {.op = "Reshape", .role = "back", .inputs = {normal, shape}, .attributes = {}});
  std::vector<std::int64_t> column(x.size() - 1, 1);
  column[0] = -1;
  const std::string scaled = upgrade.step(
      node,
      {.op = "Mul", .role = "scaled", .inputs = {back, reshaped("scale", node.inputs[1], column)}, .attributes = {}});
  const std::string shift = reshaped("shift", node.inputs[2], column);
  upgrade.add({node.name, "Add", node.stage, {scaled, shift}, node.outputs, {}});
}

/// Blocks of quantised weights are not held here; without them, opset 21 says what opset 19 said.
void quantization(Upgrade& upgrade, Node node) {
  if (attribute<std::int64_t>(node, "block_size", 0) != 0) fail_upgrade(node, "block_size", "one scale per channel");
  if (attribute<std::int64_t>(node, "output_dtype", 0) != 0) fail_upgrade(node, "output_dtype", "a zero point");
  for (const char* name : {"block_size", "output_dtype", "precision", "saturate"}) node.attributes.erase(name);
  upgrade.add(std::move(node));
}

constexpr std::array kUpgradeNewerRows{
    UpgradeRow{"GroupNormalization", 0, group_normalization},
    UpgradeRow{"QuantizeLinear", 0, quantization},
    UpgradeRow{"DequantizeLinear", 0, quantization},
};

}  // namespace

std::span<const UpgradeRow> newer_upgrades() { return kUpgradeNewerRows; }

}  // namespace enxerto
