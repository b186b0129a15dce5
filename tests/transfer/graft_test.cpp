#include "enxerto/transfer/graft.h"

#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/convex_start.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

Graph small_resnet() {
  const Blueprint blueprint = find_architecture("resnet20_cifar").build({.size = 8, .classes = 3});
  return blueprint.fill(initial_parameters(blueprint));
}

LinearClassifier classifier(std::int64_t classes, std::int64_t features) {
  const std::vector<float> weight(static_cast<std::size_t>(classes * features), 0.1F);
  const std::vector<float> bias(static_cast<std::size_t>(classes));
  return {.weight = Tensor::of<float>({classes, features}, std::span<const float>(weight)),
          .bias = Tensor::of<float>({classes}, std::span<const float>(bias))};
}

Graph graft_linear_head(const Graph& network, const LinearClassifier& classifier) {
  const std::int64_t classes = classifier.bias.shape().at(0);
  const Blueprint head = head_network({}, before_head(network), classes);
  Graph whole = graft_head(network, head, linear_head_parameters(classifier));
  // A saved model answers with probabilities alone; its logits are their logarithm up to a constant.
  keep_answer(whole);
  return whole;
}

TEST(Graft, PutsAHeadOfTheUsersClassesOnTheFrozenNetwork) {
  const Graph whole = graft_linear_head(small_resnet(), classifier(7, 64));
  EXPECT_EQ(whole.outputs.front().name, "probabilities");
  EXPECT_EQ(whole.outputs.front().shape.at(1), Dim(7));
  EXPECT_FALSE(whole.parameters.contains("fc.weight"));
}

TEST(Graft, FreezesTheSamePartWhateverTheHead) {
  const Graph network = small_resnet();
  const Graph grafted = cut_at_frontier(graft_linear_head(network, classifier(7, 64)), "head").prefix;
  EXPECT_EQ(fingerprint(frozen_part(network)), fingerprint(grafted));
}

TEST(Graft, CachesPooledFeaturesNotTheMapBeforeThem) {
  const Graph frozen = frozen_part(small_resnet());
  ASSERT_EQ(frozen.outputs.size(), 1U);
  EXPECT_EQ(frozen.outputs.front().shape, (SymbolicShape{"batch", 64}));
}

TEST(Graft, PutsAnyHeadOnANetwork) {
  const Graph network = small_resnet();
  const HeadFeatures features = before_head(network);
  EXPECT_EQ(features.value.shape, (SymbolicShape{"batch", 64, 2, 2}));
  const Blueprint head = head_network({.pool = "flatten", .hidden = {16}, .dropout = 0.5}, features, 7);
  const Graph whole = graft_head(network, head, initial_parameters(head));
  EXPECT_EQ(whole.stages(), network.stages());
  ASSERT_EQ(whole.outputs.size(), 2U);
  EXPECT_EQ(whole.outputs[0].name, kHeadLogits);
  EXPECT_EQ(whole.outputs[1].shape, (SymbolicShape{"batch", 7}));
  EXPECT_EQ(whole.parameters.at("head.hidden0.weight").shape(), (Shape{16, 256}));
  EXPECT_EQ(whole.parameters.at("conv1.weight").data(), network.parameters.at("conv1.weight").data());
}

TEST(Graft, TakesTheOutputOfANetworkWithoutAHead) {
  const Graph network = cut(small_resnet(), "head").prefix;
  EXPECT_EQ(before_head(network).value.shape, (SymbolicShape{"batch", 64, 2, 2}));
  EXPECT_EQ(graft_linear_head(network, classifier(7, 64)).outputs.front().shape, (SymbolicShape{"batch", 7}));
  EXPECT_EQ(fingerprint(frozen_part(network)), fingerprint(frozen_part(small_resnet())));
}

TEST(Graft, PoolsTokens) {
  const Graph tokens{.name = "tokens",
                     .inputs = {{"x", DType::f32, {"batch", 5, 12}}},
                     .outputs = {{"y", DType::f32, {"batch", 5, 12}}},
                     .nodes = {{"y", "Relu", "block0", {"x"}, {"y"}, {}}},
                     .parameters = {}};
  EXPECT_EQ(before_head(tokens).value.shape, (SymbolicShape{"batch", 5, 12}));
  EXPECT_EQ(frozen_part(tokens).outputs.front().shape, (SymbolicShape{"batch", 12}));
}

TEST(Graft, GivesTheHeadTheMaskOfItsTokensAndCachesThePooledRow) {
  const std::vector<float> square(144, 0.1F);
  Graph tokens{
      .name = "tokens",
      .inputs = {{"x", DType::f32, {"batch", "sequence", 12}}, {"attention_mask", DType::f32, {"batch", "sequence"}}},
      .outputs = {{"y", DType::f32, {"batch", "sequence", 12}}},
      .nodes = {{"y", "MatMul", "block0", {"x", "block0.weight"}, {"y"}, {}}},
      .parameters = {}};
  tokens.parameters.set("block0.weight", Tensor::of<float>({12, 12}, std::span<const float>(square)));
  ASSERT_TRUE(before_head(tokens).mask.has_value());
  const Graph frozen = frozen_part(tokens);
  ASSERT_EQ(frozen.outputs.size(), 1U);
  EXPECT_EQ(frozen.outputs.front().shape, (SymbolicShape{"batch", 12}));
  const Graph whole = graft_linear_head(tokens, classifier(7, 12));
  EXPECT_EQ(whole.inputs.size(), 2U);
  EXPECT_EQ(before_head(whole).value.name, "y");
  EXPECT_TRUE(before_head(whole).mask.has_value());
}

TEST(Graft, RefusesParametersOfAnotherHead) {
  const Graph network = small_resnet();
  const Blueprint head = head_network({}, before_head(network), 7), wider = head_network({}, before_head(network), 8);
  EXPECT_THROW((void)graft_head(network, head, initial_parameters(wider)), Error);
}

TEST(Graft, RefusesAHeadOfAnotherWidth) {
  EXPECT_THROW((void)graft_linear_head(small_resnet(), classifier(7, 100)), Error);
}

}  // namespace
}  // namespace enxerto
