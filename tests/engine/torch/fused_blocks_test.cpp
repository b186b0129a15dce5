#include "enxerto/engine/torch/fused_blocks.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

using Order = std::vector<std::int64_t>;

constexpr std::int64_t kExamples = 2, kHeadCount = 3, kTokenCount = 7, kHeadWidth = 11;

Tensor zeros_for_block(const Shape& shape) {
  return Tensor::of<float>(shape, std::vector<float>(static_cast<std::size_t>(element_count(shape)), 0.0F));
}

Graph filled_block(GraphBuilder net) {
  const Blueprint blueprint = std::move(net).finish();
  StateDict parameters;
  for (const ParameterSpec& spec : blueprint.parameters) parameters.set(spec.name, zeros_for_block(spec.shape));
  return blueprint.fill(parameters);
}

/// As zoo/attention.h writes it, of parameters "query", "key", "value".
Graph attention_block(bool masked) {
  GraphBuilder net("attention");
  net.stage("block");
  const Shape heads{kExamples, kHeadCount, kTokenCount, kHeadWidth};
  const std::string mask = net.input("mask", {kExamples, 1, kTokenCount, kTokenCount});
  const std::string key = net.add("Transpose", "turned", {net.parameter("key", heads)}, {{"perm", Order{0, 1, 3, 2}}});
  std::string scores = net.add("MatMul", "scores", {net.parameter("query", heads), key});
  if (masked) scores = net.add("Add", "masked", {scores, mask});
  const std::string weights = net.add("Softmax", "weights", {scores}, {{"axis", std::int64_t{-1}}});
  net.output(net.add("MatMul", "mixed", {weights, net.parameter("value", heads)}), "out");
  return filled_block(std::move(net));
}

/// As zoo/transformer_layers.h writes it.
Graph norm_block() {
  GraphBuilder net("norm");
  net.stage("block");
  (void)net.input("mask", {kExamples, 1, kTokenCount, kTokenCount});
  const std::string x = net.parameter("x", {kExamples, kTokenCount, kHeadWidth});
  const std::string square = net.add("Pow", "square", {x, net.constant(Tensor::scalar(2.0F))});
  const std::string mean = net.add("ReduceMean", "mean", {square, net.integers({-1})});
  const std::string safe = net.add("Add", "safe", {mean, net.constant(Tensor::scalar(0.5F))});
  const std::string scale = net.add("Reciprocal", "weights", {net.add("Sqrt", "root", {safe})});
  const std::string unit = net.add("Mul", "unit", {x, scale});
  net.output(net.add("Mul", "scaled", {unit, net.parameter("scale", {kHeadWidth})}), "out");
  return filled_block(std::move(net));
}

Graph dense_block() {
  GraphBuilder net("dense");
  net.stage("block");
  (void)net.input("mask", {kExamples, 1, kTokenCount, kTokenCount});
  const std::string x = net.parameter("x", {kExamples, kTokenCount, kHeadWidth});
  const std::string turned =
      net.add("Transpose", "turned", {net.parameter("weight", {5, kHeadWidth})}, {{"perm", Order{1, 0}}});
  const std::string product = net.add("MatMul", "weights", {x, turned});
  net.output(net.add("Add", "sum", {product, net.parameter("bias", {5})}), "out");
  return filled_block(std::move(net));
}

/// The same, in which a value between is wanted too.
Graph block_in_steps(Graph graph) {
  graph.outputs.push_back({"weights", DType::f32, {}});
  return graph;
}

/// The output, and the gradients of all parameters.
std::vector<at::Tensor> block_learned(const Graph& graph) {
  at::Generator generator = at::detail::createCPUGenerator(5);
  GraphRunner runner(graph, {});
  for (const std::string& name : runner.parameter_names()) {
    at::Tensor& parameter = runner.parameter(name);
    parameter.copy_(at::randn(parameter.sizes(), generator));
    parameter.set_requires_grad(true);
  }
  at::Tensor mask = at::zeros({kExamples, 1, kTokenCount, kTokenCount});
  mask.masked_fill_(at::triu(at::ones({kTokenCount, kTokenCount}), 1).to(at::kBool), -3.3895313892515355e38);
  mask.select(0, 1).select(2, 0).fill_(-3.3895313892515355e38);  // a token that none may see, so one that sees none
  const std::vector<at::Tensor> inputs{mask};
  const at::Tensor out = runner.run(inputs, {}).at(0);
  torch::autograd::backward({at::sum(out * at::cos(out.detach()))}, {});
  std::vector<at::Tensor> found{out.detach()};
  for (const std::string& name : runner.parameter_names()) found.push_back(runner.parameter(name).grad());
  return found;
}

void expect_one_operation(const Graph& graph, std::string_view op) {
  const Graph fused = with_fused_blocks(graph);
  EXPECT_EQ(fused.nodes.back().op, op);
  EXPECT_LT(fused.nodes.size(), graph.nodes.size());
  const Graph steps = block_in_steps(graph);
  EXPECT_EQ(with_fused_blocks(steps).nodes.size(), steps.nodes.size());
  const std::vector<at::Tensor> one = block_learned(graph), several = block_learned(steps);
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_LT(((one[i] - several[i]).abs().max() / several[i].abs().max()).item<double>(), 2e-6) << op << " " << i;
}

TEST(FusedBlocks, AttentionIsThatOfItsSteps) {
  expect_one_operation(attention_block(true), kFusedAttention);
  expect_one_operation(attention_block(false), kFusedAttention);
}

TEST(FusedBlocks, ANormByTheRootMeanSquareIsThatOfItsSteps) { expect_one_operation(norm_block(), kRootMeanSquareNorm); }

TEST(FusedBlocks, ADenseLayerIsThatOfItsSteps) { expect_one_operation(dense_block(), kDenseLayer); }

}  // namespace
}  // namespace enxerto
