#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

constexpr std::size_t kX = 0, kW = 1, kR = 2, kB = 3, kLengths = 4, kInitialH = 5, kInitialC = 6, kPeepholes = 7;

/// What is not computed here, in either engine.
void refuse_variants(const Node& node, std::span<const InferInput> inputs) {
  for (const char* name : {"activations", "activation_alpha", "activation_beta", "clip", "input_forget"}) {
    if (node.attributes.contains(name))
      fail_inference(node, fmt::format("attribute '{}'", name), "the usual activations");
  }
  if (attribute<std::int64_t>(node, "layout", 0) != 0) fail_inference(node, "layout 1", "(length, batch, features)");
  if (has_input(inputs, kPeepholes)) fail_inference(node, "peepholes (input P)", "an LSTM without them");
}

void expect_shape(const Node& node, std::span<const InferInput> inputs, std::size_t slot, const SymbolicShape& wanted) {
  if (!has_input(inputs, slot)) return;
  const SymbolicShape& found = inputs[slot].type->shape;
  bool fits = found.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i)
    fits = found[i] == wanted[i] || found[i].is_symbolic() || wanted[i].is_symbolic();
  if (!fits) fail_inference(node, fmt::format("input {} of {}", slot, to_string(found)), to_string(wanted));
}

void check_lengths(const Node& node, std::span<const InferInput> inputs, const SymbolicShape& x) {
  if (!has_input(inputs, kLengths)) return;
  if (inputs[kLengths].type->dtype != DType::i32)
    fail_inference(node, fmt::format("lengths of {}", name_of(inputs[kLengths].type->dtype)), "int32");
  // Neither could they be right for other sizes than those that the file was made with.
  if (inputs[kLengths].constant != nullptr && (x[0].is_symbolic() || x[1].is_symbolic()))
    fail_inference(node, "lengths that are constants, for " + to_string(x), "lengths that come with the examples");
}

std::vector<ValueType> recurrent(const Node& node, std::span<const InferInput> inputs) {
  refuse_variants(node, inputs);
  const ValueType &x = input_type(node, inputs, kX), &r = input_type(node, inputs, kR);
  input_type(node, inputs, kW);
  if (x.shape.size() != 3) fail_inference(node, to_string(x.shape), "(length, batch, features)");
  if (r.shape.size() != 3 || r.shape[2].is_symbolic())
    fail_inference(node, to_string(r.shape), "recurrent weights of a known size (directions, gates, hidden)");
  const std::int64_t directions = recurrent_directions(node), gates = recurrent_gates(node.op);
  const std::int64_t hidden = r.shape[2].size;
  if (const auto stated = required_attribute<std::int64_t>(node, "hidden_size"); stated != hidden)
    fail_inference(node, fmt::format("hidden_size {}", stated),
                   fmt::format("{}, as the recurrent weights say", hidden));
  const std::int64_t rows = checked_size(node, Wide{gates} * hidden);
  const SymbolicShape state{directions, x.shape[1], hidden};
  expect_shape(node, inputs, kW, {directions, rows, x.shape[2]});
  expect_shape(node, inputs, kR, {directions, rows, hidden});
  expect_shape(node, inputs, kB, {directions, checked_size(node, Wide{2} * rows)});
  expect_shape(node, inputs, kLengths, {x.shape[1]});
  expect_shape(node, inputs, kInitialH, state);
  expect_shape(node, inputs, kInitialC, state);
  check_lengths(node, inputs, x.shape);
  std::vector<ValueType> outputs(node.op == "LSTM" ? 3 : 2, {x.dtype, state});
  outputs[0].shape = {x.shape[0], directions, x.shape[1], hidden};
  return outputs;
}

constexpr std::array kInferRecurrentRows{InferRow{"LSTM", recurrent}, InferRow{"GRU", recurrent},
                                         InferRow{"RNN", recurrent}};

}  // namespace

std::int64_t recurrent_gates(std::string_view op) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kGates{
      {{"LSTM", 4}, {"GRU", 3}, {"RNN", 1}}};
  const auto* row = std::find_if(kGates.begin(), kGates.end(), [&](const auto& gates) { return gates.first == op; });
  return row == kGates.end() ? 0 : row->second;
}

std::int64_t recurrent_directions(const Node& node) {
  const auto direction = attribute<std::string>(node, "direction", "forward");
  if (direction == "bidirectional") return 2;
  if (direction != "forward" && direction != "reverse")
    fail_inference(node, "direction '" + direction + "'", "forward, reverse or bidirectional");
  return 1;
}

std::span<const InferRow> recurrent_rules() { return kInferRecurrentRows; }

}  // namespace enxerto
