#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/tensors.h"
#include "tests/parity/token_cases.h"

namespace enxerto {
namespace {

class TrainingLanguageModel : public ::testing::TestWithParam<std::string> {};

TEST_P(TrainingLanguageModel, GivesTheStatesOfItsOwnNetwork) {
  const testing::TokenCase one = testing::token_case(GetParam());
  const TensorMap named = testing::token_inputs(one);
  std::vector<at::Tensor> inputs;
  for (const Value& input : one.graph.inputs) inputs.push_back(view_of(named.at(input.name)));
  GraphRunner runner(one.graph, {});
  const at::NoGradGuard no_gradients;
  const Tensor states = copy_of(runner.run(inputs, {}).at(0));
  const double found = testing::difference(states, one.golden);
  RecordProperty("difference", fmt::format("{:.2e}", found));
  EXPECT_LE(found, 1e-4);
}

TEST_P(TrainingLanguageModel, LearnsFromTokensThatCountAlone) {
  const testing::TokenCase one = testing::token_case(GetParam());
  const TensorMap named = testing::token_inputs(one, 16);
  std::vector<at::Tensor> inputs;
  for (const Value& input : one.graph.inputs) inputs.push_back(view_of(named.at(input.name)));
  GraphRunner runner(one.graph, {});
  for (const std::string& name : runner.parameter_names())
    if (runner.parameter(name).is_floating_point()) runner.parameter(name).requires_grad_(true);
  const at::Tensor states = runner.run(inputs, {}).at(0);
  const at::Tensor weights = view_of(named.at("attention_mask")).unsqueeze(2);
  torch::autograd::backward({at::sum(at::mul(at::square(states), weights))}, {});
  for (const std::string& name : runner.parameter_names()) {
    const at::Tensor gradient = runner.parameter(name).grad();
    EXPECT_TRUE(!gradient.defined() || at::all(at::isfinite(gradient)).item<bool>()) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, TrainingLanguageModel, ::testing::ValuesIn(testing::token_case_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
