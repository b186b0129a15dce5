#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/upgrade.h"

namespace enxerto {
namespace {

constexpr std::string_view kInference = "a model that was exported for inference (model.eval())";

/// Outputs behind the first are for training; a network that uses them cannot be run forward only.
void drop_training_outputs(const Upgrade& upgrade, Node& node) {
  for (std::size_t i = 1; i < node.outputs.size(); ++i) {
    if (upgrade.is_used(node.outputs[i])) fail_upgrade(node, "a training output is used", std::string(kInference));
  }
  node.outputs.resize(1);
}

bool is_true(const Upgrade& upgrade, const std::string& value) {
  const Numbers* numbers = value.empty() ? nullptr : upgrade.known().numbers(value);
  return numbers != nullptr && !numbers->values.empty() && numbers->values[0].value != 0;
}

void batch_normalization(Upgrade& upgrade, Node node) {
  if (attribute<std::int64_t>(node, "training_mode", 0) != 0) {
    fail_upgrade(node, "training_mode 1", std::string(kInference));
  }
  if (upgrade.opset() < 9 && attribute<std::int64_t>(node, "spatial", 1) == 0) {
    fail_upgrade(node, "spatial 0: statistics per position", "statistics per channel");
  }
  drop_training_outputs(upgrade, node);
  for (const char* name : {"momentum", "spatial", "training_mode", "is_test"}) node.attributes.erase(name);
  upgrade.add(std::move(node));
}

/// Does nothing at inference.
void dropout(Upgrade& upgrade, Node node) {
  if (node.inputs.size() > 2 && is_true(upgrade, node.inputs[2])) {
    fail_upgrade(node, "training_mode true", std::string(kInference));
  }
  drop_training_outputs(upgrade, node);
  if (node.inputs.empty()) fail_upgrade(node, "no input", "one");
  node.op = "Identity";
  node.inputs.resize(1);
  node.attributes.clear();
  upgrade.add(std::move(node));
}

/// The places of the largest elements are not computed: no forward network needs them.
void max_pool(Upgrade& upgrade, Node node) {
  const bool places = node.outputs.size() > 1 && upgrade.is_used(node.outputs[1]);
  if (places) fail_upgrade(node, "the indices of the largest elements are used", "MaxPool with one output");
  node.outputs.resize(1);
  node.attributes.erase("storage_order");
  upgrade.add(std::move(node));
}

void layer_normalization(Upgrade& upgrade, Node node) {
  drop_training_outputs(upgrade, node);
  node.attributes.erase("stash_type");
  upgrade.add(std::move(node));
}

constexpr std::array kUpgradeTrainingRows{
    UpgradeRow{"BatchNormalization", 0, batch_normalization},
    UpgradeRow{"Dropout", 0, dropout},
    UpgradeRow{"MaxPool", 0, max_pool},
    UpgradeRow{"LayerNormalization", 0, layer_normalization},
};

}  // namespace

std::span<const UpgradeRow> training_upgrades() { return kUpgradeTrainingRows; }

}  // namespace enxerto
