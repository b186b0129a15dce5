#include "enxerto/pretrained/onnx/input_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/graph/inference.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 5> kTurning{"Identity", "Cast", "Transpose", "Gather", "Slice"};

/// One number for all channels or one for each; nullopt for anything else.
std::optional<std::array<float, 3>> by_channel(const Numbers* numbers) {
  if (numbers == nullptr || !numbers->is_fixed() || (numbers->values.size() != 1 && numbers->values.size() != 3))
    return std::nullopt;
  std::array<float, 3> values{};
  for (std::size_t c = 0; c < 3; ++c)
    values.at(c) = static_cast<float>(numbers->values[numbers->values.size() == 1 ? 0 : c].value);
  return values;
}

/// Follows the input as long as one node takes it.
class Follower {
 public:
  explicit Follower(const Graph& graph) : graph_(graph), value_(graph.inputs[0].name) {
    // Small ones count as numbers here, which weights do not otherwise.
    for (const auto& [name, tensor] : graph.parameters) {
      if (tensor.size() <= 3)
        known_.add({name, "Constant", "", {}, {name}, {{"value", tensor}}});
      else
        known_.add_parameter(name, tensor);
    }
    for (const Value& input : graph.inputs) known_.add_input(input);
  }

  std::optional<InputArithmetic> follow() {
    for (const Node& node : graph_.nodes) {
      known_.add(node);
      if (std::ranges::find(node.inputs, value_) == node.inputs.end()) continue;
      if (users(value_) != 1 || node.outputs.size() != 1 || !(turns(node) || computes(node))) break;
      value_ = node.outputs[0];
    }
    return found_;
  }

 private:
  std::ptrdiff_t users(const std::string& value) const {
    return std::ranges::count_if(
        graph_.nodes, [&](const Node& node) { return std::ranges::find(node.inputs, value) != node.inputs.end(); });
  }

  /// As many numbers come out as go in.
  bool turns(const Node& node) const {
    if (std::ranges::find(kTurning, node.op) == kTurning.end()) return false;
    const auto sizes = [&](const std::string& name) {
      std::vector<std::string> texts;
      for (const Dim& dim : known_.type(name)->shape) texts.push_back(to_string(SymbolicShape{dim}));
      std::ranges::sort(texts);
      return texts;
    };
    return sizes(node.inputs[0]) == sizes(node.outputs[0]);
  }

  bool computes(const Node& node) {
    if (node.inputs.size() != 2) return false;
    const bool left = node.inputs[0] == value_;
    const auto other = by_channel(known_.numbers(node.inputs[left ? 1 : 0]));
    if (!other) return false;
    InputArithmetic next = found_.value_or(InputArithmetic{});
    for (std::size_t c = 0; c < 3; ++c)
      if (!apply(node.op, left, other->at(c), next.factor.at(c), next.offset.at(c))) return false;
    found_ = next;
    return true;
  }

  static bool apply(std::string_view op, bool left, float number, float& factor, float& offset) {
    if (op == "Add") {
      offset += number;
    } else if (op == "Sub" && left) {
      offset -= number;
    } else if (op == "Mul" || (op == "Div" && left && number != 0)) {
      const float scale = op == "Mul" ? number : 1 / number;
      factor *= scale;
      offset *= scale;
    } else {
      return false;
    }
    return true;
  }

  const Graph& graph_;
  std::string value_;
  Inference known_;
  std::optional<InputArithmetic> found_;
};

float mean(const std::array<float, 3>& numbers) { return (numbers[0] + numbers[1] + numbers[2]) / 3; }

}  // namespace

std::optional<InputArithmetic> input_arithmetic(const Graph& graph) {
  if (graph.inputs.size() != 1) return std::nullopt;
  return Follower(graph).follow();
}

float pixel_range(const InputArithmetic& arithmetic) {
  constexpr float kDarkest = -4, kBrightest = 4.5F, kLeast = 0.4F, kRounding = 0.05F;
  const float black = mean(arithmetic.offset), factor = mean(arithmetic.factor);
  const auto suits = [&](float range) {
    const float white = factor * range + black;
    const bool scaled = black >= kDarkest && black <= kRounding && white >= kLeast && white <= kBrightest;
    const bool less_a_mean = black <= kRounding && black >= -kWhite && std::abs(white - black - kWhite) < 1;
    // What takes 0 to 1 never makes less of it.
    return (scaled && (range > 1 || factor > 1 - kRounding)) || (less_a_mean && (range <= 1 || black < kDarkest));
  };
  const bool units = suits(1), bytes = suits(kWhite);
  if (units == bytes) return 0;
  return units ? 1 : kWhite;
}

std::string to_string(const InputArithmetic& arithmetic) {
  const float scale = 1 / arithmetic.factor[0], shift = -arithmetic.offset[0] * scale;
  std::string shifted = shift == 0 ? "x" : fmt::format("x - {:.4g}", shift);
  if (shift != 0 && scale != 1) shifted = "(" + shifted + ")";
  return scale == 1 ? shifted : fmt::format("{} / {:.4g}", shifted, scale);
}

}  // namespace enxerto
