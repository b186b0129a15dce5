#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <set>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/infer.h"
#include "tests/engine/named.h"
#include "tests/engine/torch/operator_rows.h"

namespace enxerto {
namespace {

using testing::graph_of;
using testing::OperatorCase;

/// A sum of all outputs in which every element has a weight of its own.
at::Tensor weighted_sum(const std::vector<at::Tensor>& outputs) {
  at::Tensor sum = at::zeros({}, at::kDouble);
  for (const at::Tensor& output : outputs) {
    const at::Tensor flat = output.to(at::kDouble).contiguous().reshape({-1});
    sum = sum + (flat * at::cos(at::arange(flat.numel(), at::kDouble) * 1.7 + 0.3)).sum();
  }
  return sum;
}

/// Largest difference between autograd's gradient of a parameter and central differences, relative to the largest.
double gradient_error(GraphRunner& runner, const std::string& name, const RunMode& mode) {
  at::Tensor& parameter = runner.parameter(name);
  parameter.set_requires_grad(true);
  torch::autograd::backward({weighted_sum(runner.run({}, mode))}, {});
  const at::Tensor found = parameter.grad().contiguous().reshape({-1});
  const at::NoGradGuard no_gradients;
  parameter.set_requires_grad(false);
  const at::Tensor start = parameter.clone(), flat = start.contiguous().reshape({-1});
  at::Tensor wanted = at::zeros_like(flat);
  constexpr double kStep = 1e-6;
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    double values[2];
    for (const int side : {0, 1}) {
      at::Tensor moved = flat.clone();
      moved[i] += side == 0 ? -kStep : kStep;
      parameter.copy_(moved.reshape(start.sizes()));
      values[side] = weighted_sum(runner.run({}, mode)).item<double>();
    }
    wanted[i] = (values[1] - values[0]) / (2 * kStep);
  }
  parameter.copy_(start);
  const double scale = std::max(1.0, wanted.abs().max().item<double>());
  return (found - wanted).abs().max().item<double>() / scale;
}

class OperatorTable : public ::testing::TestWithParam<OperatorCase> {
 protected:
  /// Thousands of runs of a few numbers each: further threads would only wait for each other.
  OperatorTable() { at::set_num_threads(1); }
};

TEST_P(OperatorTable, HasTheGradientsOfFiniteDifferences) {
  for (const bool channels_last : {false, true}) {
    GraphRunner runner(graph_of(GetParam(), DType::f64), {.channels_last = channels_last});
    for (std::size_t i = 0; i < GetParam().operands.size(); ++i) {
      const bool is_statistic = GetParam().op() == "BatchNormalization" && i >= 3;
      if (is_statistic) continue;
      EXPECT_LT(gradient_error(runner, fmt::format("x{}", i), {}), 1e-7) << "operand " << i;
    }
  }
}

TEST_P(OperatorTable, GivesWhatTheForwardEngineGives) {
  Graph graph = graph_of(GetParam(), DType::f32);
  GraphRunner runner(graph, {});
  const at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> found = runner.run({}, {});
  if (!GetParam().forward_engine) {
    for (const at::Tensor& output : found) EXPECT_TRUE(at::isfinite(output).all().item<bool>());
    return;
  }
  // An input, so that the engine has something to run: a network of constants is folded away.
  const Tensor input = graph.parameters.at("x0");
  graph.parameters.erase("x0");
  graph.inputs.push_back({"x0", DType::f32, {input.shape().begin(), input.shape().end()}});
  const ValueTypes types = infer_shapes(graph);
  for (Value& output : graph.outputs) output.shape = types.at(output.name).shape;
  const std::vector<Tensor> wanted =
      testing::tensors_of(compile(graph, {.threads = 1, .streams = 1})->run({{"x0", input}}));
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const at::Tensor other = view_of(wanted[i]);
    ASSERT_EQ(found[i].sizes(), other.sizes());
    EXPECT_TRUE(at::allclose(found[i], other, 1e-4, 2e-5)) << found[i] << other;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, OperatorTable, ::testing::ValuesIn(testing::operator_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(OperatorRows, AreThereForEveryOperatorThatHasAGradient) {
  const std::set<std::string> without_gradient{
      "And",    "Or",    "Xor",  "Not",   "Equal",      "Greater",    "GreaterOrEqual",  "Less",    "LessOrEqual",
      "IsInf",  "IsNaN", "Sign", "Ceil",  "Floor",      "Round",      "BitwiseAnd",      "ArgMax",  "BitwiseOr",
      "ArgMin", "Shape", "Size", "Range", "BitwiseXor", "BitwiseNot", "ConstantOfShape", "Hardmax", "QuantizeLinear"};
  std::set<std::string> tested;
  for (const OperatorCase& row : testing::operator_cases()) tested.insert(row.op());
  for (const std::string_view op : training_operators()) {
    EXPECT_NE(tested.contains(std::string(op)), without_gradient.contains(std::string(op))) << op;
    EXPECT_TRUE(is_known_operator(op)) << op;
  }
}

TEST(GraphRunner, NamesTheNodeThatItCannotRun) {
  Graph graph = graph_of({.name = "Relu", .operands = {{{2}}}}, DType::f32);
  graph.nodes[0].op = "NoSuchOperator";
  try {
    GraphRunner runner(graph, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(error.text().where.find("'node' (NoSuchOperator)"), std::string::npos) << error.what();
  }
}

TEST(GraphRunner, NamesTheNodeWhoseShapesDoNotFit) {
  GraphRunner runner(graph_of({.name = "MatMul", .operands = {{{2, 3}}, {{2, 3}}}}, DType::f32), {});
  try {
    runner.run({}, {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(error.text().where.find("'node' (MatMul)"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
