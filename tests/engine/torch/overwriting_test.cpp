#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/builder.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// A residual block with everything that is written in place: sums, ReLU, ReLU6. `outputs`: every value is asked for,
/// so that nothing may be overwritten.
Graph residual_block(bool every_value) {
  GraphBuilder net("block");
  std::string x = net.input("input", {"batch", 3, 6, 6});
  net.stage("all");
  std::vector<std::string> values;
  const auto keep = [&](std::string value) {
    values.push_back(value);
    return value;
  };
  x = keep(net.conv(x, {.name = "conv0", .out = 4, .kernel = 3, .padding = Padding::centered}));
  x = keep(net.batch_norm(x, "bn0", 1e-3F));
  x = keep(net.relu(x, "relu0"));
  std::string y = keep(net.conv(x, {.name = "conv1", .out = 4, .kernel = 3, .padding = Padding::centered}));
  y = keep(net.batch_norm(y, "bn1", 1e-3F));
  x = keep(net.add("Add", "sum0", {x, y}));
  y = keep(net.conv(x, {.name = "conv2", .out = 4, .kernel = 1}));
  y = keep(net.batch_norm(y, "bn2", 1e-3F));
  x = keep(net.add("Add", "sum1", {y, x}));
  x = keep(net.add("Clip", "clip", {x, net.constant(Tensor::scalar(0.0F)), net.constant(Tensor::scalar(1.5F))}));
  net.output(x, "last");
  Blueprint blueprint = std::move(net).finish();
  if (every_value)
    for (std::size_t i = 0; i + 1 < values.size(); ++i)
      blueprint.graph.outputs.push_back({.name = values[i], .dtype = DType::f32, .shape = {}});
  return blueprint.fill(formula::weights(blueprint));
}

struct Learned {
  at::Tensor output;
  std::vector<at::Tensor> gradients, statistics;
};

Learned learn(const Graph& graph, const RunMode& mode) {
  GraphRunner runner(graph, {});
  for (const std::string& name : runner.parameter_names()) {
    const bool is_statistic = name.find("running") != std::string::npos;
    if (!is_statistic && at::isFloatingType(runner.parameter(name).scalar_type()) && runner.parameter(name).dim() > 0)
      runner.parameter(name).set_requires_grad(true);
  }
  const std::vector<at::Tensor> outputs = runner.run(std::vector{view_of(formula::input(2, 6))}, mode);
  torch::autograd::backward({(outputs[0] * outputs[0]).sum()}, {});
  Learned learned{.output = outputs[0].detach().clone(), .gradients = {}, .statistics = {}};
  for (const std::string& name : runner.parameter_names())
    if (runner.parameter(name).requires_grad()) learned.gradients.push_back(runner.parameter(name).grad());
  for (const std::string& name : runner.statistics()) learned.statistics.push_back(runner.parameter(name));
  return learned;
}

TEST(GraphRunner, WritesInPlaceWithoutChangingValuesOrGradients) {
  at::set_num_threads(1);
  for (const RunMode::Norms norms : {RunMode::Norms::running, RunMode::Norms::batch}) {
    const Learned in_place = learn(residual_block(false), {.training = true, .norms = norms});
    const Learned kept = learn(residual_block(true), {.training = true, .norms = norms});
    EXPECT_TRUE(at::equal(in_place.output, kept.output));
    ASSERT_EQ(in_place.gradients.size(), kept.gradients.size());
    ASSERT_GE(in_place.gradients.size(), 9U);
    for (std::size_t i = 0; i < kept.gradients.size(); ++i) {
      EXPECT_GT(kept.gradients[i].abs().max().item<float>(), 0) << i;
      EXPECT_TRUE(at::allclose(in_place.gradients[i], kept.gradients[i], 1e-5, 1e-6)) << i;
    }
  }
}

TEST(GraphRunner, MovesStatisticsOnlyWhereNormsUseTheBatch) {
  at::set_num_threads(1);
  const Graph graph = residual_block(false);
  const Learned frozen = learn(graph, {.training = true, .norms = RunMode::Norms::running});
  const Learned moved = learn(graph, {.training = true, .norms = RunMode::Norms::batch, .momentum = 0.5});
  ASSERT_EQ(frozen.statistics.size(), 6U);
  const Tensor& start = graph.parameters.at("bn0.running_mean");
  EXPECT_TRUE(at::equal(frozen.statistics[0], view_of(start)));
  const at::Tensor map =
      at::conv2d(view_of(formula::input(2, 6)), view_of(graph.parameters.at("conv0.weight")), {}, 1, 1);
  const at::Tensor mean = view_of(start) * 0.5 + map.mean(at::IntArrayRef{0, 2, 3}) * 0.5;
  const at::Tensor variance = view_of(graph.parameters.at("bn0.running_var")) * 0.5 +
                              map.permute({1, 0, 2, 3}).reshape({4, -1}).var(1, true) * 0.5;
  EXPECT_TRUE(at::allclose(moved.statistics[0], mean, 1e-5, 1e-6));
  EXPECT_TRUE(at::allclose(moved.statistics[1], variance, 1e-5, 1e-6));
}

TEST(GraphRunner, KeepsMapsWithChannelsLastAllTheWay) {
  GraphRunner runner(residual_block(false), {});
  const at::NoGradGuard no_gradients;
  const at::Tensor output = runner.run(std::vector{view_of(formula::input(2, 6))}, {}).at(0);
  EXPECT_TRUE(output.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST(GraphRunner, IsNearFloat32UnderAutocast) {
  const at::NoGradGuard no_gradients;
  const Graph graph = residual_block(false);
  const std::vector inputs{view_of(formula::input(2, 6))};
  GraphRunner exact(graph, {}), short_numbers(graph, {.autocast = true});
  const at::Tensor wanted = exact.run(inputs, {}).at(0), found = short_numbers.run(inputs, {}).at(0).to(at::kFloat);
  EXPECT_FALSE(at::equal(found, wanted));
  EXPECT_TRUE(at::allclose(found, wanted, 0.05, 0.05));
}

}  // namespace
}  // namespace enxerto
