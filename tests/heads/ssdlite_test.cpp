#include "enxerto/heads/ssdlite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/box_matching.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/loss.h"

namespace enxerto {
namespace {

HeadFeatures two_maps() {
  HeadFeatures features(Value{"last", DType::f32, {"batch", 64, 5, 5}});
  features.maps = {{"first", DType::f32, {"batch", 24, 10, 10}}, {"last", DType::f32, {"batch", 64, 5, 5}}};
  features.input = {"batch", 3, 160, 160};
  return features;
}

TEST(Ssdlite, GrowsMapsDownToASinglePlace) {
  const DefaultBoxSpec boxes = ssdlite_boxes(two_maps());
  EXPECT_EQ(boxes.grids, (std::vector<std::array<std::int64_t, 2>>{{10, 10}, {5, 5}, {3, 3}, {2, 2}, {1, 1}}));
  EXPECT_EQ(default_boxes(boxes).shape(), (Shape{(100 + 25 + 9 + 4 + 1) * 6, 4}));
}

TEST(Ssdlite, AnswersWithBoxesAndClassesOfEachDefaultBox) {
  const Blueprint head = head_network({.kind = "ssdlite"}, two_maps(), 3);
  ASSERT_EQ(head.graph.inputs.size(), 2U);
  EXPECT_EQ(head.graph.inputs[0].name, "first");
  const ValueTypes types = infer_shapes(head);
  EXPECT_EQ(types.at("head.logits").shape, (SymbolicShape{"batch", 834, 8}));
  EXPECT_EQ(types.at("probabilities").shape, (SymbolicShape{"batch", 834, 7}));
  EXPECT_EQ(head.graph.stages(), std::vector<std::string>{"head"});
}

TEST(Ssdlite, BeginsAsTorchvisionsDoes) {
  const Blueprint head = head_network({.kind = "ssdlite"}, two_maps(), 3);
  for (const ParameterSpec& parameter : head.parameters) {
    if (parameter.role != Role::weight) continue;
    ASSERT_TRUE(parameter.start) << parameter.name;
    EXPECT_EQ(parameter.start->deviation, 0.03) << parameter.name;
    EXPECT_EQ(parameter.start->mean, 0) << parameter.name;
  }
}

TEST(Ssdlite, WantsMapsOfAFixedSize) {
  HeadFeatures pooled(Value{"features", DType::f32, {"batch", 64}});
  EXPECT_THROW(head_network({.kind = "ssdlite"}, pooled, 3), Error);
  HeadFeatures free = two_maps();
  free.maps[1].shape = {"batch", 64, "height", "width"};
  EXPECT_THROW(head_network({.kind = "ssdlite"}, free, 3), Error);
  EXPECT_THROW(head_network({.kind = "ssdlight"}, two_maps(), 3), Error);
}

TEST(Ssdlite, SaysWhichStagesItStandsOn) {
  EXPECT_EQ(summary(HeadSpec{.kind = "ssdlite", .features = {"layer3", "layer4"}}), "ssdlite on layer3, layer4");
}

TEST(BoxMatching, GivesEachTrueBoxItsNearestDefaultBox) {
  const Tensor boxes = Tensor::of<float>({3, 4}, {0, 0, 10, 10, 20, 20, 30, 30, 50, 50, 60, 60});
  const std::vector<Corners> truths{{19, 19, 31, 31}, {58, 58, 90, 90}};
  EXPECT_EQ(match_boxes(boxes, truths), (std::vector<std::int64_t>{-1, 0, 1}));
  EXPECT_EQ(match_boxes(boxes, {}), (std::vector<std::int64_t>{-1, -1, -1}));
}

TEST(BoxMatching, CodesABoxAsOffsetAndLogarithm) {
  const auto code = box_code({5, 0, 25, 10}, {0, 0, 10, 10});
  EXPECT_FLOAT_EQ(code[0], 10);  // one width to the right, times 10
  EXPECT_FLOAT_EQ(code[1], 0);
  EXPECT_FLOAT_EQ(code[2], 5 * std::log(2.0F));
  EXPECT_FLOAT_EQ(code[3], 0);
}

TEST(BoxLoss, IsAScalarOfItsDefaultBoxes) {
  const Graph graph = loss_graph({.kind = "ssd"}, {"head.logits", DType::f32, {"batch", 834, 8}});
  EXPECT_EQ(infer_shapes(graph).at("loss"), (ValueType{DType::f32, {}}));
  const auto target = std::ranges::find(graph.inputs, "target", &Value::name);
  ASSERT_NE(target, graph.inputs.end());
  EXPECT_EQ(target->shape, (SymbolicShape{"batch", 834, 5}));
  EXPECT_THROW(loss_graph({.kind = "ssd"}, {"head.logits", DType::f32, {"batch", 8}}), Error);
  EXPECT_THROW(loss_graph({.kind = "ssd", .label_smoothing = 0.1}, {"head.logits", DType::f32, {"batch", 9, 8}}),
               Error);
}

}  // namespace
}  // namespace enxerto
