#include "enxerto/graph/fold.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

std::size_t norms(const Graph& graph) {
  return static_cast<std::size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                                [](const Node& node) { return node.op == "BatchNormalization"; }));
}

TEST(FoldBatchNorm, LeavesNoneBehindAConvolution) {
  const Graph folded = fold_batch_norm(small_network());
  EXPECT_EQ(norms(folded), 0U);
  EXPECT_EQ(folded.outputs[0].name, "logits");
  EXPECT_FALSE(folded.parameters.contains("bn1.running_mean"));
}

TEST(FoldBatchNorm, ScalesWeightsAndMakesABias) {
  const Graph graph = small_network();
  const Graph folded = fold_batch_norm(graph);
  const auto before = graph.parameters.at("conv1.weight").as<float>();
  const auto weight = folded.parameters.at("conv1.weight").as<float>();
  const auto bias = folded.parameters.at("conv1.bias").as<float>();
  for (std::size_t c = 0; c < 4; ++c) {
    // Each parameter of the normalisation is 0.5, 0.75, 1 ..
    const double value = 0.5 + 0.25 * static_cast<double>(c);
    const double scale = value / std::sqrt(value + static_cast<double>(1e-3F));
    EXPECT_EQ(bias[c], static_cast<float>(value - value * scale));
    for (std::size_t i = 0; i < 27; ++i) EXPECT_EQ(weight[c * 27 + i], static_cast<float>(before[c * 27 + i] * scale));
  }
}

TEST(FoldBatchNorm, FoldsIntoABiasThatIsThere) {
  GraphBuilder net("biased");
  std::string x = net.input("input", {"batch", 1, 1, 1});
  x = net.batch_norm(net.conv(x, {.name = "c", .out = 1, .bias = true}), "bn", 0);
  net.output(x, "y");
  const Blueprint blueprint = std::move(net).finish();
  const Graph folded = fold_batch_norm(blueprint.fill(ramp_weights(blueprint)));
  // conv: 0.5 x + 0.5; normalised: (y - 0.5) / sqrt(0.5) * 0.5 + 0.5
  EXPECT_FLOAT_EQ(folded.parameters.at("c.weight").as<float>()[0], static_cast<float>(0.5 * 0.5 / std::sqrt(0.5)));
  EXPECT_FLOAT_EQ(folded.parameters.at("c.bias").as<float>()[0], 0.5F);
}

TEST(FoldBatchNorm, FoldsIntoADenseLayer) {
  GraphBuilder net("dense");
  std::string x = net.input("input", {"batch", 2});
  x = net.batch_norm(net.linear(x, "fc", 3), "bn", 1e-5F);
  net.output(x, "y");
  const Blueprint blueprint = std::move(net).finish();
  const Graph folded = fold_batch_norm(blueprint.fill(ramp_weights(blueprint)));
  EXPECT_EQ(norms(folded), 0U);
  EXPECT_EQ(folded.parameters.size(), 2U);
}

TEST(FoldBatchNorm, KeepsWhatSomethingElseUses) {
  Graph graph = small_network();
  graph.outputs.push_back({"conv1", DType::f32, {"batch", 4, 8, 8}});
  EXPECT_EQ(norms(fold_batch_norm(graph)), 1U);
  graph = small_network();
  graph.nodes.push_back({"again", "Conv", "head", {"input", "conv1.weight"}, {"again"}, {}});
  EXPECT_EQ(norms(fold_batch_norm(graph)), 1U);
}

}  // namespace
}  // namespace enxerto
