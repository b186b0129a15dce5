#include "enxerto/engine/torch/fused_lstm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <vector>

#include "enxerto/engine/torch/lstm_cells.h"

namespace enxerto {
namespace {

struct Form {
  std::int64_t length, batch, features, hidden;
  bool bias;
  std::vector<std::int64_t> lengths;  // none: all whole
};

/// The definition of ONNX, step by step, of any type.
LstmResult by_definition(const LstmRun& run) {
  const std::int64_t hidden = run.recurrent.size(1);
  at::Tensor h = run.states, c = run.cells;
  std::vector<at::Tensor> rows;
  for (std::int64_t step = 0; step < run.rows.size(0); ++step) {
    at::Tensor gates = at::matmul(run.rows.select(0, step), run.weight.t()) + at::matmul(h, run.recurrent.t());
    if (run.bias) gates = gates + run.bias->view({2, -1}).sum(0);
    const at::Tensor in = at::sigmoid(gates.narrow(1, 0, hidden)), out = at::sigmoid(gates.narrow(1, hidden, hidden));
    const at::Tensor forget = at::sigmoid(gates.narrow(1, 2 * hidden, hidden));
    const at::Tensor cell = forget * c + in * at::tanh(gates.narrow(1, 3 * hidden, hidden));
    const at::Tensor there = run.lengths ? at::gt(*run.lengths, step).unsqueeze(1) : at::ones({1, 1}, at::kBool);
    c = at::where(there, cell, c);
    h = at::where(there, out * at::tanh(cell), h);
    rows.push_back(at::where(there, h, at::zeros_like(h)));
  }
  return {.rows = at::stack(rows, 0), .states = h, .cells = c};
}

/// Numbers that are the same on every machine.
at::Tensor numbers(at::IntArrayRef shape, double seed) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return at::sin(at::arange(count, at::kDouble) * 1.37 + seed).reshape(shape) * 0.8;
}

std::vector<at::Tensor> inputs_of(const Form& form) {
  std::vector<at::Tensor> all{numbers({form.length, form.batch, form.features}, 0.1),
                              numbers({4 * form.hidden, form.features}, 0.5),
                              numbers({4 * form.hidden, form.hidden}, 0.9), numbers({form.batch, form.hidden}, 1.3),
                              numbers({form.batch, form.hidden}, 1.7)};
  if (form.bias) all.push_back(numbers({8 * form.hidden}, 2.1));
  return all;
}

/// Outputs, and gradients of a weighted sum of them.
std::vector<at::Tensor> results_of(const Form& form, at::ScalarType type, LstmResult (*lstm)(const LstmRun&)) {
  std::vector<at::Tensor> in;
  for (const at::Tensor& tensor : inputs_of(form)) in.push_back(tensor.to(type).detach().set_requires_grad(true));
  LstmRun run{.rows = in[0], .weight = in[1], .recurrent = in[2], .states = in[3], .cells = in[4]};
  if (form.bias) run.bias = in[5];
  if (!form.lengths.empty()) run.lengths = at::tensor(form.lengths, at::kLong);
  const LstmResult result = lstm(run);
  std::vector<at::Tensor> all{result.rows.detach(), result.states.detach(), result.cells.detach()};
  at::Tensor sum = at::zeros({}, type);
  for (const at::Tensor& value : {result.rows, result.states, result.cells})
    sum = sum + (value * at::cos(at::arange(value.numel(), at::kDouble) * 0.7).reshape(value.sizes()).to(type)).sum();
  torch::autograd::backward({sum}, {});
  for (const at::Tensor& tensor : in) all.push_back(tensor.grad());
  return all;
}

void expect_as_defined(const Form& form) {
  const auto found = results_of(form, at::kFloat, fused_lstm), wanted = results_of(form, at::kDouble, by_definition);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double size = std::max(1.0, wanted[i].abs().max().item<double>());
    EXPECT_LT((found[i].to(at::kDouble) - wanted[i]).abs().max().item<double>() / size, 2e-6) << "value " << i;
  }
}

TEST(FusedLstm, IsTheDefinitionOfWholeBatches) { expect_as_defined({5, 4, 3, 8, true, {}}); }

TEST(FusedLstm, IsTheDefinitionOfUnequalLengths) { expect_as_defined({7, 5, 6, 13, true, {3, 7, 1, 7, 4}}); }

TEST(FusedLstm, LeavesExamplesWithoutRowsAsTheyWere) { expect_as_defined({4, 3, 2, 5, false, {0, 2, 0}}); }

TEST(FusedLstm, TakesBatchesOfNothing) { expect_as_defined({3, 2, 2, 4, true, {0, 0}}); }

TEST(FusedLstm, IsTheDefinitionWithSeveralThreads) {
  at::set_num_threads(3);
  expect_as_defined({6, 40, 9, 600, true, {}});
  at::set_num_threads(1);
}

TEST(FusedLstm, OfSeveralThreadsGivesTheSameWhereNothingLearns) {
  const auto values = [] {
    const c10::InferenceMode nothing_learns;
    const std::vector<at::Tensor> in = inputs_of({6, 40, 9, 600, true, {}});
    std::vector<at::Tensor> narrow;
    for (const at::Tensor& tensor : in) narrow.push_back(tensor.to(at::kFloat));
    const LstmResult result = fused_lstm({.rows = narrow[0],
                                          .weight = narrow[1],
                                          .recurrent = narrow[2],
                                          .bias = narrow[5],
                                          .states = narrow[3],
                                          .cells = narrow[4]});
    return at::cat({result.rows.flatten(), result.states.flatten(), result.cells.flatten()}, 0);
  };
  at::set_num_threads(1);
  const at::Tensor alone = values();
  at::set_num_threads(3);
  EXPECT_LT((values() - alone).abs().max().item<float>(), 1e-5);
  at::set_num_threads(1);
}

LstmResult narrow_lstm(const LstmRun& run) {
  LstmRun narrow = run;
  narrow.narrow = true;
  return fused_lstm(narrow);
}

TEST(FusedLstm, OfNarrowProductsIsNearTheDefinition) {
  const Form form{7, 5, 6, 13, true, {3, 7, 1, 7, 4}};
  const auto found = results_of(form, at::kFloat, narrow_lstm), wanted = results_of(form, at::kDouble, by_definition);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].scalar_type(), at::kFloat);
    const double size = wanted[i].abs().max().item<double>();
    EXPECT_LT((found[i].to(at::kDouble) - wanted[i]).abs().max().item<double>() / size, 0.03) << "value " << i;
  }
}

TEST(FusedLstm, MayBeOverwrittenByWhatFollowsIt) {
  std::vector<at::Tensor> in;
  for (const at::Tensor& tensor : inputs_of({5, 4, 3, 8, false, {}}))
    in.push_back(tensor.to(at::kFloat).detach().set_requires_grad(true));
  LstmResult result = fused_lstm({.rows = in[0], .weight = in[1], .recurrent = in[2], .states = in[3], .cells = in[4]});
  ASSERT_NO_THROW(at::relu_(result.rows));
  ASSERT_NO_THROW(at::relu_(result.states));
  torch::autograd::backward({result.rows.sum()}, {});
  EXPECT_GT(in[1].grad().abs().sum().item<float>(), 0);
}

TEST(LstmCells, SayThatANumberIsNone) {
  for (const LstmCells* cells : {&kLstmCellsSse2, &lstm_cells()}) {
    std::vector<float> gates(8, std::numeric_limits<float>::quiet_NaN()), before(2, 0), after(2), states(2);
    const std::vector<float> nothing(8, 0);
    cells->forward({.hidden = 2,
                    .gates = gates.data(),
                    .of_states = nothing.data(),
                    .before = before.data(),
                    .cells = after.data(),
                    .states = states.data()},
                   1);
    EXPECT_TRUE(std::isnan(after[0]));
    EXPECT_TRUE(std::isnan(states[1]));
  }
}

TEST(LstmCells, OfLargeGatesAreOpenOrShut) {
  for (const LstmCells* cells : {&kLstmCellsSse2, &lstm_cells()}) {
    std::vector<float> gates{1e9F, -1e9F, 1e9F, 1e9F}, before{3}, after(1), states(1);  // hidden 1: i o f c
    const std::vector<float> nothing(4, 0);
    cells->forward({.hidden = 1,
                    .gates = gates.data(),
                    .of_states = nothing.data(),
                    .before = before.data(),
                    .cells = after.data(),
                    .states = states.data()},
                   1);
    EXPECT_FLOAT_EQ(after[0], 4);
    EXPECT_FLOAT_EQ(states[0], 0);
  }
}

}  // namespace
}  // namespace enxerto
