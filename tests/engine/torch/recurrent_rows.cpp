#include "tests/engine/torch/operator_rows.h"

namespace enxerto::testing {
namespace {

struct RecurrentForm {
  std::string name;
  std::int64_t gates = 1, directions = 1;
  bool lengths = false, states = false, bias = true;
  Attributes attributes = {};
};

/// Length 4, batch 3, features 2, hidden 3.
OperatorCase recurrent_case(const RecurrentForm& form) {
  const std::int64_t d = form.directions, rows = form.gates * 3;
  OperatorCase row{.name = form.name, .operands = {{{4, 3, 2}}, {{d, rows, 2}}, {{d, rows, 3}}}};
  if (form.bias) row.operands.push_back({{d, 2 * rows}});
  if (form.states) row.operands.insert(row.operands.end(), form.gates == 4 ? 2 : 1, {{d, 3, 3}});
  if (form.lengths) row.constants = {{4, Tensor::of<std::int32_t>({3}, {2, 4, 3})}};
  row.attributes = form.attributes;
  row.attributes["hidden_size"] = std::int64_t{3};
  if (d == 2) row.attributes["direction"] = std::string("bidirectional");
  row.outputs = form.gates == 4 ? 3 : 2;
  return row;
}

}  // namespace

std::vector<OperatorCase> recurrent_cases() {
  const Attribute reverse = std::string("reverse"), yes = std::int64_t{1};
  return {
      {.name = "CtcLoss",
       .operands = {{{2, 5, 4}}},
       .constants = {{1, Tensor::of<std::int64_t>({2, 3}, {1, 1, 2, 3, -1, -1})},
                     {2, Tensor::of<std::int64_t>({2}, {5, 3})}},
       .forward_engine = false},
      recurrent_case({.name = "LSTM", .gates = 4}),
      recurrent_case({.name = "LSTM_WithoutBias", .gates = 4, .bias = false}),
      recurrent_case({.name = "LSTM_Lengths", .gates = 4, .lengths = true, .states = true}),
      recurrent_case({.name = "LSTM_LengthsWithoutBias", .gates = 4, .lengths = true, .bias = false}),
      recurrent_case({.name = "LSTM_Both", .gates = 4, .directions = 2, .lengths = true, .states = true}),
      recurrent_case({.name = "LSTM_Reverse",
                      .gates = 4,
                      .lengths = true,
                      .states = true,
                      .attributes = {{"direction", reverse}}}),
      recurrent_case({.name = "LSTM_ReverseWhole", .gates = 4, .attributes = {{"direction", reverse}}}),
      recurrent_case({.name = "GRU", .gates = 3}),
      recurrent_case({.name = "GRU_Both", .gates = 3, .directions = 2, .lengths = true, .states = true}),
      recurrent_case({.name = "GRU_Reverse", .gates = 3, .lengths = true, .attributes = {{"direction", reverse}}}),
      recurrent_case({.name = "GRU_LinearBeforeReset", .gates = 3, .attributes = {{"linear_before_reset", yes}}}),
      recurrent_case({.name = "GRU_LinearBeforeResetBoth",
                      .gates = 3,
                      .directions = 2,
                      .lengths = true,
                      .states = true,
                      .attributes = {{"linear_before_reset", yes}}}),
      recurrent_case({.name = "RNN"}),
      recurrent_case({.name = "RNN_Both", .directions = 2, .lengths = true, .states = true}),
  };
}

}  // namespace enxerto::testing
