#include "enxerto/engine/torch/chosen_words.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <optional>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

constexpr std::int64_t kTexts = 3, kLongestText = 5, kPieces = 701;

/// What a loss over words looks at, of scores and a bias that are parameters.
Graph separate_steps(bool smoothed) {
  GraphBuilder net("words");
  net.stage("head");
  const std::string labels = net.input("labels", {kTexts, kLongestText}, DType::i64);
  const std::string scores = net.add(
      "Add", "scored", {net.parameter("scores", {kTexts, kLongestText, kPieces}), net.parameter("bias", {kPieces})});
  const std::string logarithms = net.add("LogSoftmax", "logarithms", {scores}, {{"axis", std::int64_t{-1}}});
  const std::string raised = net.add("Max", "raised", {labels, net.constant(Tensor::scalar<std::int64_t>(0))});
  const std::string column = net.add("Unsqueeze", "column", {raised, net.integers({2})});
  net.output(net.add("GatherElements", "found", {logarithms, column}, {{"axis", std::int64_t{2}}}), "found");
  if (smoothed)
    net.output(net.add("ReduceMean", "even", {logarithms, net.integers({2})}, {{"keepdims", std::int64_t{0}}}), "even");
  StateDict parameters;
  parameters.set("scores", Tensor::of<float>({kTexts, kLongestText, kPieces},
                                             std::vector<float>(kTexts * kLongestText * kPieces)));
  parameters.set("bias", Tensor::of<float>({kPieces}, std::vector<float>(kPieces)));
  return std::move(net).finish().fill(parameters);
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

TEST(ChosenWords, AreOneOperationWhereNothingElseNeedsTheLogarithms) {
  for (const bool smoothed : {false, true}) {
    Graph graph = separate_steps(smoothed);
    const Graph fused = with_chosen_words(graph);
    const auto node = std::ranges::find(fused.nodes, kWordLogarithms, &Node::op);
    ASSERT_NE(node, fused.nodes.end());
    EXPECT_EQ(node->inputs.at(1), "bias");
    EXPECT_EQ(node->outputs.size(), smoothed ? 2U : 1U);
    graph.outputs.push_back({"logarithms", DType::f32, {kTexts, kLongestText, kPieces}});
    EXPECT_EQ(with_chosen_words(graph).nodes.size(), graph.nodes.size());
  }
}

TEST(ChosenWords, AndTheirGradientsAreThoseOfTheSeparateOperations) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  const at::Tensor scores = at::randn({kTexts, kLongestText, kPieces}, generator) * 4;
  const at::Tensor bias = at::randn({kPieces}, generator);
  const at::Tensor labels = at::randint(0, kPieces, {kTexts, kLongestText}, generator, at::kLong);
  for (const bool smoothed : {false, true}) {
    const at::Tensor exact = scores.to(at::kDouble).set_requires_grad(true);
    const at::Tensor exact_bias = bias.to(at::kDouble).set_requires_grad(true);
    const at::Tensor logarithms = at::log_softmax(at::add(exact, exact_bias), 2);
    const at::Tensor found = at::gather(logarithms, 2, labels.unsqueeze(2)), even = logarithms.mean({2});
    at::Tensor wanted = at::sum(found * at::cos(found.detach()));
    if (smoothed) wanted = wanted + at::sum(even * even) * 0.1;
    torch::autograd::backward({wanted}, {});
    GraphRunner runner(separate_steps(smoothed), {});
    runner.parameter("scores").copy_(scores).set_requires_grad(true);
    runner.parameter("bias").copy_(bias).set_requires_grad(true);
    const std::vector<at::Tensor> inputs{labels};
    const std::vector<at::Tensor> out = runner.run(inputs, {});
    EXPECT_LT(largest_difference(out.at(0).detach(), found.detach()), 1e-5);
    at::Tensor sum = at::sum(out[0] * at::cos(found.detach()).to(at::kFloat));
    if (smoothed) sum = sum + at::sum(out.at(1) * out[1]) * 0.1;
    torch::autograd::backward({sum}, {});
    EXPECT_LT(largest_difference(runner.parameter("scores").grad(), exact.grad()), 1e-6);
    EXPECT_LT(largest_difference(runner.parameter("bias").grad(), exact_bias.grad()), 1e-5);
  }
}

}  // namespace
}  // namespace enxerto
