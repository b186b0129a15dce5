// Heads and losses of segmentation against torchvision's and PyTorch's: tools/golden/pixel_heads.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/loss.h"
#include "enxerto/weights/safetensors.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr std::int64_t kClassesOfPixels = 3;

const StateDict& golden_pixel_heads() {
  static const StateDict tensors = read_safetensors(ENXERTO_TEST_DATA "/heads/pixel_heads.safetensors");
  return tensors;
}

/// Of all convolutions that have any.
std::vector<std::int64_t> holes_in(const Graph& graph) {
  std::vector<std::int64_t> holes;
  for (const Node& node : graph.nodes)
    for (const std::int64_t hole : attribute<std::vector<std::int64_t>>(node, "dilations", {})) holes.push_back(hole);
  return holes;
}

class PixelHeads : public ::testing::TestWithParam<std::string> {
 protected:
  /// A map of a thirty-second of the input, where the holes of DeepLab are 3, 6 and 9; of LR-ASPP one behind it.
  PixelHeads() : features_(Value{"map0", DType::f32, {"batch", 12, 7, 9}}) {
    features_.maps = {features_.value};
    if (GetParam() == "lraspp") features_.maps.push_back({"map1", DType::f32, {"batch", 10, 4, 5}});
    features_.value = features_.maps.back();
    features_.input = {"batch", 3, 224, 288};
    const Blueprint blueprint = head_network({.kind = GetParam()}, features_, kClassesOfPixels);
    network_ = blueprint.fill(formula::weights(blueprint));
    for (const Value& map : features_.maps)
      batch_.set(map.name,
                 formula::filled(map.name, {2, map.shape[1].size, map.shape[2].size, map.shape[3].size}, {0, 1}));
  }

  void expect_golden(const Tensor& logits) const {
    const Tensor& golden = golden_pixel_heads().at(GetParam() + ".logits");
    ASSERT_EQ(logits.shape(), golden.shape());
    float scale = 0, most = 0;
    for (std::size_t i = 0; i < golden.size(); ++i) {
      scale = std::max(scale, std::abs(golden.as<float>()[i]));
      most = std::max(most, std::abs(golden.as<float>()[i] - logits.as<float>()[i]));
    }
    EXPECT_LE(most, 1e-5F * scale);
  }

  HeadFeatures features_;
  Graph network_;
  TensorMap batch_;
};

TEST_P(PixelHeads, AnswerAsTorchvisionsInBothEngines) {
  const Graph plain = without_training_nodes(network_);
  expect_golden(compile(plain, {.threads = 1, .streams = 1, .batch = 2})->run(batch_).at("head.logits"));
  Graph learner = with_loss(network_, {.kind = "pixel_cross_entropy", .pixels = {14, 18}});
  TensorMap batch = batch_;
  const std::vector<std::int64_t> none(std::size_t{2} * 14 * 18, -1);
  batch.set("target", Tensor::of<std::int64_t>({2, 14, 18}, none));
  const std::string learned = network_.parameters.begin()->first;
  const auto trainer = make_trainer(learner, {.threads = 1, .groups = {{.parameters = {learned}}}});
  expect_golden(trainer->evaluate(batch).at("head.logits"));
}

TEST_P(PixelHeads, AreFoundByTheirParametersAndKeepTheirHoles) {
  const std::optional<HeadSpec> found = head_in(network_.parameters);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, GetParam());
  HeadFeatures again = features_;
  again.input = {"batch", 3, 56, 72};  // of which the map is an eighth
  again.former = std::make_shared<const Graph>(network_);
  const Blueprint same = head_network({.kind = GetParam()}, again, kClassesOfPixels);
  EXPECT_EQ(holes_in(same.graph), holes_in(network_));
}

INSTANTIATE_TEST_SUITE_P(All, PixelHeads, ::testing::Values("fcn", "deeplab", "lraspp"),
                         [](const auto& one) { return one.param; });

TEST(PixelLosses, CostWhatPyTorchSaysInBothEngines) {
  const StateDict& golden = golden_pixel_heads();
  std::vector<double> weights;
  for (const float weight : golden.at("weights").as<float>()) weights.push_back(weight);
  for (const std::string name : {"pixel_focal", "pixel_dice", "pixel_cross_entropy_and_dice"}) {
    for (const bool weighted : {false, true}) {
      if (!golden.contains(name + (weighted ? ".weighted" : ""))) continue;
      LossSpec spec{.kind = name, .pixels = {12, 10}};
      if (weighted) spec.class_weights = weights;
      const double wanted = golden.at(name + (weighted ? ".weighted" : "")).as<float>()[0];
      const TensorMap batch{{"head.logits", golden.at("scores")}, {"target", golden.at("target")}};
      const Graph loss = loss_graph(spec, {"head.logits", DType::f32, {"batch", 4, 3, 5}});
      EXPECT_NEAR(compile(loss, {.threads = 1, .streams = 1, .batch = 2})->run(batch).at("loss").as<float>()[0], wanted,
                  1e-5)
          << name;
      GraphBuilder net("scaled");
      const std::string x = net.input("x", {"batch", 4, 3, 5});
      net.stage("head");
      net.output(net.add("Mul", "scaled", {x, net.parameter("scale", {1})}), "head.logits");
      StateDict one;
      one.set("scale", Tensor::of<float>({1}, {1}));
      const auto trainer = make_trainer(with_loss(std::move(net).finish().fill(one), spec),
                                        {.threads = 1, .groups = {{.parameters = {"scale"}}}});
      TensorMap step{{"x", golden.at("scores")}, {"target", golden.at("target")}};
      const StepResult result = trainer->step(std::vector<TrainBatch>{{.inputs = step, .examples = 2}}, 1e-3);
      EXPECT_NEAR(result.loss, wanted, 1e-5) << name;
      EXPECT_GT(result.gradient_norm, 0) << name;
      std::vector<std::int64_t> none(golden.at("target").size(), -1);
      step.set("target", Tensor::of<std::int64_t>(golden.at("target").shape(), none));
      EXPECT_EQ(trainer->evaluate(step).at("loss").as<float>()[0], 0) << name << " of no pixel";
    }
  }
}

}  // namespace
}  // namespace enxerto
