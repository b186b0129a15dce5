#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/loss.h"
#include "enxerto/tasks/placed_masks.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// Of tools/golden/pixels.py.
const StateDict& golden_pixels() {
  static const StateDict tensors = read_safetensors(ENXERTO_TEST_DATA "/heads/pixels.safetensors");
  return tensors;
}

double golden_number(const std::string& name) { return golden_pixels().at(name).as<float>()[0]; }

LossSpec pixel_loss(bool weighted) {
  LossSpec spec{.kind = "pixel_cross_entropy", .pixels = {12, 10}};
  if (weighted)
    for (const float weight : golden_pixels().at("weights").as<float>()) spec.class_weights.push_back(weight);
  return spec;
}

Value golden_scores() { return {"head.logits", DType::f32, {"batch", 4, 3, 5}}; }

TEST(PixelLoss, CostsWhatOnnxRuntimeSays) {
  const TensorMap batch{{"head.logits", golden_pixels().at("scores")}, {"target", golden_pixels().at("target")}};
  for (const bool weighted : {false, true}) {
    const Graph graph = loss_graph(pixel_loss(weighted), golden_scores());
    const Tensor loss = compile(graph, {.threads = 1, .streams = 1, .batch = 2})->run(batch).at("loss");
    const double wanted = golden_number(weighted ? "weighted_loss" : "loss");
    EXPECT_NEAR(loss.as<float>()[0], wanted, 1e-5 * wanted);
  }
}

/// A trained scale of 1 on the scores, so that there is something to learn.
Graph scaled_learner(const LossSpec& spec) {
  GraphBuilder net("scaled");
  const std::string x = net.input("x", golden_scores().shape);
  net.stage("head");
  net.output(net.add("Mul", "scaled", {x, net.parameter("scale", {1})}), "head.logits");
  StateDict weights;
  weights.set("scale", Tensor::of<float>({1}, {1}));
  return with_loss(std::move(net).finish().fill(weights), spec);
}

TEST(PixelLoss, CostsTheSameInTheTrainingEngineAndNothingWithoutAClass) {
  TensorMap batch{{"x", golden_pixels().at("scores")}, {"target", golden_pixels().at("target")}};
  const auto trainer =
      make_trainer(scaled_learner(pixel_loss(true)), {.threads = 1, .groups = {{.parameters = {"scale"}}}});
  const TensorMap outputs = trainer->evaluate(batch);
  EXPECT_NEAR(outputs.at("loss").as<float>()[0], golden_number("weighted_loss"), 1e-5);
  EXPECT_NEAR(outputs.at("plain_loss").as<float>()[0], golden_number("loss"), 1e-5);
  const std::vector<TrainBatch> step{{.inputs = batch, .examples = 2}};
  const StepResult result = trainer->step(step, 1e-3);
  EXPECT_NEAR(result.loss, golden_number("weighted_loss"), 1e-5);
  EXPECT_GT(result.gradient_norm, 0);

  std::vector<std::int64_t> none(golden_pixels().at("target").size(), -1);
  batch.set("target", Tensor::of<std::int64_t>(golden_pixels().at("target").shape(), none));
  EXPECT_EQ(trainer->evaluate(batch).at("loss").as<float>()[0], 0);
  const std::vector<TrainBatch> empty{{.inputs = batch, .examples = 2}};
  EXPECT_EQ(trainer->step(empty, 1e-3).gradient_norm, 0);
}

TEST(ClassMap, IsArgMaxOfScoresThatOnnxRuntimeResizes) {
  const Tensor scores = golden_pixels().at("scores").rows(0, 1);
  const Tensor& wanted = golden_pixels().at("classes");
  // An input of 24 x 40 px, to which a picture of 7 x 13 px is squashed.
  const Tensor map = Tensor::of<float>({2, 3}, {40.0F / 13, 0, 0, 0, 24.0F / 7, 0});
  const Tensor found =
      class_map({.values = scores.as<float>(), .classes = 4, .rows = 3, .columns = 5, .input = {24, 40}}, map, {7, 13});
  ASSERT_EQ(found.shape(), wanted.shape());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found.as<std::uint8_t>()[i], wanted.as<std::int64_t>()[i]) << i;
}

}  // namespace
}  // namespace enxerto
