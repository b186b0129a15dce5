#include "enxerto/heads/lraspp.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/loss.h"

namespace enxerto {
namespace {

HeadFeatures pyramid_of(std::size_t count) {
  const std::vector<Value> all{{"fine", DType::f32, {"batch", 40, 20, 20}},
                               {"middle", DType::f32, {"batch", 112, 10, 10}},
                               {"last", DType::f32, {"batch", 320, 5, 5}}};
  HeadFeatures features(all[count - 1]);
  features.maps.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  features.input = {"batch", 3, 160, 160};
  return features;
}

std::size_t nodes_of(const Graph& graph, std::string_view op) {
  return static_cast<std::size_t>(std::ranges::count(graph.nodes, op, &Node::op));
}

TEST(Lraspp, ScoresEachClassAtThePlacesOfTheFinestMap) {
  const Blueprint head = head_network({.kind = "lraspp"}, pyramid_of(2), 4);
  ASSERT_EQ(head.graph.inputs.size(), 2U);
  const ValueTypes types = infer_shapes(head);
  EXPECT_EQ(types.at("head.logits").shape, (SymbolicShape{"batch", 4, 20, 20}));
  EXPECT_EQ(types.at("probabilities").shape, (SymbolicShape{"batch", 4, 20, 20}));
  EXPECT_EQ(head.graph.stages(), std::vector<std::string>{"head"});
  EXPECT_EQ(nodes_of(head.graph, "Conv"), 4U) << "deep, gate, and two of scores, as torchvision's";
  EXPECT_EQ(nodes_of(head.graph, "Resize"), 1U);
}

TEST(Lraspp, TakesTheMapsBehindTheFinestTogether) {
  const Blueprint head = head_network({.kind = "lraspp"}, pyramid_of(3), 4);
  const ValueTypes types = infer_shapes(head);
  EXPECT_EQ(types.at("head.deep.map1").shape, (SymbolicShape{"batch", 128, 5, 5})) << "before it is resized";
  EXPECT_EQ(types.at("head.deep.map1.sum").shape, (SymbolicShape{"batch", 128, 10, 10}));
  EXPECT_EQ(types.at("head.gate.pool").shape, (SymbolicShape{"batch", 432, 1, 1}));
  const Blueprint one = head_network({.kind = "lraspp"}, pyramid_of(1), 4);
  EXPECT_EQ(nodes_of(one.graph, "Resize"), 0U);
  EXPECT_EQ(infer_shapes(one).at("head.logits").shape, (SymbolicShape{"batch", 4, 20, 20}));
}

TEST(Lraspp, WantsMapsOfAFixedSize) {
  HeadFeatures pooled(Value{"features", DType::f32, {"batch", 64}});
  EXPECT_THROW(head_network({.kind = "lraspp"}, pooled, 3), Error);
  HeadFeatures free = pyramid_of(2);
  free.maps[0].shape = {"batch", 40, "height", "width"};
  EXPECT_THROW(head_network({.kind = "lraspp"}, free, 3), Error);
  EXPECT_THROW(head_network({.kind = "lraspp"}, pyramid_of(2), 0), Error);
}

TEST(PixelLoss, IsAScalarOfScoresThatAreResizedToTheirTargets) {
  const Value logits{"head.logits", DType::f32, {"batch", 4, 3, 5}};
  const LossSpec spec{.kind = "pixel_cross_entropy", .pixels = {12, 10}};
  const Graph graph = loss_graph(spec, logits);
  EXPECT_EQ(infer_shapes(graph).at("loss"), (ValueType{DType::f32, {}}));
  const auto target = std::ranges::find(graph.inputs, "target", &Value::name);
  ASSERT_NE(target, graph.inputs.end());
  EXPECT_EQ(target->shape, (SymbolicShape{"batch", 12, 10}));
  EXPECT_EQ(target->dtype, DType::i64);
}

TEST(PixelLoss, RefusesWhatItCannotBe) {
  const Value logits{"head.logits", DType::f32, {"batch", 4, 3, 5}};
  EXPECT_THROW(loss_graph({.kind = "pixel_cross_entropy"}, logits), Error) << "no size";
  EXPECT_THROW(loss_graph({.kind = "pixel_cross_entropy", .label_smoothing = 0.1, .pixels = {12, 10}}, logits), Error);
  EXPECT_THROW(loss_graph({.kind = "pixel_cross_entropy", .class_weights = {1, 2}, .pixels = {12, 10}}, logits), Error);
  EXPECT_THROW(
      loss_graph({.kind = "pixel_cross_entropy", .pixels = {12, 10}}, {"head.logits", DType::f32, {"batch", 4}}),
      Error);
}

}  // namespace
}  // namespace enxerto
