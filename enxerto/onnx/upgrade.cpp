#include "enxerto/onnx/upgrade.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::array<std::span<const UpgradeRow>, 5> all_rows() {
  return {input_upgrades(), meaning_upgrades(), training_upgrades(), newer_upgrades(), recurrent_upgrades()};
}

}  // namespace

void fail_upgrade(const Node& node, std::string found, std::string expected) {
  throw weights_error(fmt::format("node '{}' ({})", node.name, node.op), std::move(found), std::move(expected),
                      "export the model again, for inference and with opset 17 or 20");
}

const ValueType& Upgrade::type(const Node& node, std::size_t slot) const {
  const ValueType* type = slot < node.inputs.size() ? known_.type(node.inputs[slot]) : nullptr;
  if (type == nullptr) fail_upgrade(node, fmt::format("input {} is missing", slot), "all inputs that ONNX requires");
  return *type;
}

std::string Upgrade::constant(const Node& node, std::string_view role, Tensor value) {
  return step(node, {.op = "Constant", .role = role, .inputs = {}, .attributes = {{"value", std::move(value)}}});
}

std::string Upgrade::step(const Node& node, Step step) {
  std::string name = fmt::format("{}/{}", node.outputs.at(0), step.role);
  add({name, std::string(step.op), node.stage, std::move(step.inputs), {name}, std::move(step.attributes)});
  return name;
}

bool is_upgraded_operator(std::string_view op) {
  const auto rows = all_rows();
  return std::any_of(rows.begin(), rows.end(), [&](std::span<const UpgradeRow> family) {
    return std::any_of(family.begin(), family.end(), [&](const UpgradeRow& row) { return row.op == op; });
  });
}

std::vector<Node> upgraded(Node node, Upgrade upgrade) {
  if (node.outputs.empty()) fail_upgrade(node, "no output", "at least one");
  for (const std::span<const UpgradeRow> family : all_rows()) {
    for (const UpgradeRow& row : family) {
      if (row.op != node.op || (row.until != 0 && upgrade.opset() >= row.until)) continue;
      row.apply(upgrade, std::move(node));
      return upgrade.take();
    }
  }
  return {std::move(node)};
}

namespace {

/// The nearest number that there is: a limit beyond the range of the type does not limit. NaN becomes 0.
template <typename T>
Tensor nearest_integer(double value) {
  using Limits = std::numeric_limits<T>;
  if (std::isnan(value)) return Tensor::scalar(T{0});
  if (value <= static_cast<double>(Limits::min())) return Tensor::scalar(Limits::min());
  // 2^63 - 1 is no double: what is compared with is 2^63.
  if (value >= static_cast<double>(Limits::max())) return Tensor::scalar(Limits::max());
  return Tensor::scalar(static_cast<T>(value));
}

}  // namespace

Tensor scalar_of(DType dtype, double value) {
  switch (dtype) {
    case DType::f64:
      return Tensor::scalar(value);
    case DType::f16:
      return Tensor::scalar(to_half(static_cast<float>(value)));
    case DType::bf16:
      return Tensor::scalar(to_bfloat16(static_cast<float>(value)));
    case DType::i64:
      return nearest_integer<std::int64_t>(value);
    case DType::i32:
      return nearest_integer<std::int32_t>(value);
    case DType::i8:
      return nearest_integer<std::int8_t>(value);
    case DType::u8:
      return nearest_integer<std::uint8_t>(value);
    default:
      return Tensor::scalar(static_cast<float>(value));
  }
}

}  // namespace enxerto
