#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/upgrade.h"

namespace enxerto {
namespace {

/// Before opset 13 all dimensions from `axis` on were one, and that one was normalised.
void softmax(Upgrade& upgrade, Node node) {
  const auto rank = static_cast<std::int64_t>(upgrade.type(node, 0).shape.size());
  auto axis = attribute<std::int64_t>(node, "axis", 1);
  if (axis < -rank || axis > rank) fail_upgrade(node, fmt::format("axis {}", axis), "an existing axis");
  if (axis < 0) axis += rank;
  node.attributes["axis"] = std::int64_t{-1};
  if (axis + 1 == rank) return upgrade.add(std::move(node));
  const std::string x = node.inputs[0];
  const std::string flat =
      upgrade.step(node, {.op = "Flatten", .role = "flat", .inputs = {x}, .attributes = {{"axis", axis}}});
  const std::string shape = upgrade.step(node, {.op = "Shape", .role = "shape", .inputs = {x}, .attributes = {}});
  const std::string result =
      upgrade.step(node, {.op = node.op, .role = "rows", .inputs = {flat}, .attributes = node.attributes});
  upgrade.add({node.name, "Reshape", node.stage, {result, shape}, node.outputs, {}});
}

/// Before opset 11: nearest pixels are taken downwards, edges coincide at the upper left.
void asymmetric_resize(Upgrade& upgrade, Node node) {
  std::string scales = node.inputs.size() > 1 ? node.inputs[1] : "";
  if (const auto* values = find_attribute<std::vector<float>>(node, "scales")) {
    scales = upgrade.constant(node, "scales", Tensor::of<float>({static_cast<std::int64_t>(values->size())}, *values));
  }
  if (scales.empty()) fail_upgrade(node, "no scales", "a scale for each dimension");
  std::string mode = attribute<std::string>(node, "mode", "nearest");
  if (mode == "bilinear") mode = "linear";
  node.op = "Resize";
  node.inputs = {node.inputs.at(0), "", scales};
  node.attributes = {{"mode", mode},
                     {"coordinate_transformation_mode", std::string("asymmetric")},
                     {"nearest_mode", std::string("floor")}};
  upgrade.add(std::move(node));
}

/// What the forward engine does not do as the standard says it.
void check_resize(const Upgrade& upgrade, const Node& node) {
  const std::string mode = attribute<std::string>(node, "coordinate_transformation_mode", "half_pixel");
  for (const char* refused : {"tf_half_pixel_for_nn", "half_pixel_symmetric", "tf_crop_and_resize"}) {
    if (mode == refused) fail_upgrade(node, fmt::format("'{}'", mode), R"("half_pixel" or "asymmetric")");
  }
  for (const char* refused : {"antialias", "exclude_outside"}) {
    if (attribute<std::int64_t>(node, refused, 0) != 0) fail_upgrade(node, fmt::format("'{}'", refused), "none");
  }
  if (mode != "align_corners" || node.inputs.size() > 3 || node.inputs.size() < 3) return;
  const Numbers* scales = upgrade.known().numbers(node.inputs[2]);
  const SymbolicShape& x = upgrade.type(node, 0).shape;
  for (std::size_t i = 0; scales != nullptr && i < std::min(x.size(), scales->values.size()); ++i) {
    const long double size = scales->values[i].value * static_cast<long double>(x[i].size);
    if (!x[i].is_symbolic() && size != std::floor(size)) {
      fail_upgrade(node, "'align_corners' with a scale that does not give a whole number", "sizes instead of scales");
    }
  }
}

/// From opset 11 on: inputs that are there but empty count as left out.
void resize(Upgrade& upgrade, Node node) {
  if (upgrade.opset() < 11) return asymmetric_resize(upgrade, std::move(node));
  for (std::size_t slot = 1; slot < node.inputs.size(); ++slot) {
    const ValueType* type = upgrade.known().type(node.inputs[slot]);
    if (type != nullptr && type->shape == SymbolicShape{Dim(std::int64_t{0})}) node.inputs[slot].clear();
  }
  while (!node.inputs.empty() && node.inputs.back().empty()) node.inputs.pop_back();
  check_resize(upgrade, node);
  upgrade.add(std::move(node));
}

void pad(Upgrade& upgrade, Node node) {
  if (attribute<std::string>(node, "mode", "constant") == "wrap") fail_upgrade(node, "mode 'wrap'", "another mode");
  upgrade.add(std::move(node));
}

/// The sum, mean or extreme of one value is that value.
void of_several(Upgrade& upgrade, Node node) {
  if (node.inputs.size() == 1) node.op = "Identity";
  upgrade.add(std::move(node));
}

constexpr std::array kUpgradeMeaningRows{
    UpgradeRow{"Softmax", 13, softmax},
    UpgradeRow{"LogSoftmax", 13, softmax},
    UpgradeRow{"Hardmax", 13, softmax},
    UpgradeRow{"Resize", 0, resize},
    UpgradeRow{"Upsample", 0, asymmetric_resize},
    UpgradeRow{"Pad", 0, pad},
    UpgradeRow{"Max", 0, of_several},
    UpgradeRow{"Mean", 0, of_several},
    UpgradeRow{"Min", 0, of_several},
    UpgradeRow{"Sum", 0, of_several},
};

}  // namespace

std::span<const UpgradeRow> meaning_upgrades() { return kUpgradeMeaningRows; }

}  // namespace enxerto
