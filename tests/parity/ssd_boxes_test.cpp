#include <gtest/gtest.h>

#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/box_matching.h"
#include "enxerto/heads/default_boxes.h"
#include "enxerto/heads/loss.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// Of tools/golden/ssd_boxes.py.
const StateDict& golden() {
  static const StateDict tensors = read_safetensors(ENXERTO_TEST_DATA "/heads/ssd_boxes.safetensors");
  return tensors;
}

DefaultBoxSpec golden_boxes() { return {.height = 64, .width = 48, .grids = {{3, 2}, {1, 1}}}; }

std::vector<Corners> golden_truths() {
  const auto values = golden().at("truths").as<float>();
  std::vector<Corners> truths;
  for (std::size_t i = 0; i < values.size(); i += 4)
    truths.push_back({values[i], values[i + 1], values[i + 2], values[i + 3]});
  return truths;
}

/// The targets of the golden batch: a picture with three boxes, and one without.
Tensor golden_targets() {
  const Tensor boxes = default_boxes(golden_boxes());
  const Tensor first = box_targets(boxes, golden_truths(), golden().at("labels").as<std::int64_t>());
  const Tensor second = box_targets(boxes, {}, {});
  TensorBuffer both(DType::f32, {2, first.shape()[0], first.shape()[1]});
  std::ranges::copy(first.as<float>(), both.as<float>().begin());
  std::ranges::copy(second.as<float>(), both.as<float>().begin() + static_cast<std::ptrdiff_t>(first.size()));
  return std::move(both).freeze();
}

TEST(SsdBoxes, AreTorchvisionsDefaultBoxes) {
  const Tensor boxes = default_boxes(golden_boxes());
  const Tensor& wanted = golden().at("default_boxes");
  ASSERT_EQ(boxes.shape(), wanted.shape());
  for (std::size_t i = 0; i < boxes.size(); ++i) EXPECT_NEAR(boxes.as<float>()[i], wanted.as<float>()[i], 1e-5);
}

TEST(SsdBoxes, AreMatchedAndCodedAsTorchvisionDoes) {
  const Tensor targets = golden_targets();
  const auto wanted = golden().at("matches").as<std::int64_t>();
  const auto labels = golden().at("labels").as<std::int64_t>();
  const auto codes = golden().at("codes").as<float>();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto row = targets.as<float>().subspan(i * 5, 5);
    const std::int64_t truth = wanted[i];
    EXPECT_EQ(row[0], truth < 0 ? 0.0F : static_cast<float>(labels[static_cast<std::size_t>(truth)] + 1)) << i;
    for (std::size_t c = 0; c < 4 && truth >= 0; ++c) EXPECT_NEAR(row[c + 1], codes[i * 4 + c], 1e-5) << i;
  }
}

Graph golden_loss() {
  const Tensor& logits = golden().at("logits");
  return loss_graph({.kind = "ssd"}, {"head.logits", DType::f32, {"batch", logits.shape()[1], logits.shape()[2]}});
}

TEST(SsdBoxes, CostWhatTorchvisionSays) {
  const double wanted = golden().at("loss").as<float>()[0];
  const TensorMap batch{{"head.logits", golden().at("logits")}, {"target", golden_targets()}};
  const Tensor forward = compile(golden_loss(), {.threads = 1, .streams = 1, .batch = 2})->run(batch).at("loss");
  EXPECT_NEAR(forward.as<float>()[0], wanted, 1e-4 * wanted);
}

TEST(SsdBoxes, CostTheSameInTheTrainingEngineAndNothingWithoutABox) {
  // A trained scale of 1 on the logits, so that there is something to learn.
  const Tensor& logits = golden().at("logits");
  GraphBuilder net("scaled");
  const std::string x = net.input("x", {"batch", logits.shape()[1], logits.shape()[2]});
  net.stage("head");
  const std::string scale = net.parameter("scale", {1});
  net.output(net.add("Mul", "scaled", {x, scale}), "head.logits");
  StateDict weights;
  weights.set("scale", Tensor::of<float>({1}, {1}));
  const Graph learner = with_loss(std::move(net).finish().fill(weights), {.kind = "ssd"});
  const auto trainer = make_trainer(learner, {.threads = 1, .groups = {{.parameters = {"scale"}}}});
  TensorMap batch{{"x", logits}, {"target", golden_targets()}};
  const double wanted = golden().at("loss").as<float>()[0];
  EXPECT_NEAR(trainer->evaluate(batch).at("loss").as<float>()[0], wanted, 1e-4 * wanted);
  const std::vector<TrainBatch> step{{.inputs = batch, .examples = 2}};
  const StepResult result = trainer->step(step, 1e-3);
  EXPECT_NEAR(result.loss, wanted, 1e-4 * wanted);
  EXPECT_GT(result.gradient_norm, 0);
  TensorBuffer nothing(DType::f32, golden_targets().shape());
  std::ranges::fill(nothing.as<float>(), 0.0F);
  batch.set("target", std::move(nothing).freeze());
  EXPECT_EQ(trainer->evaluate(batch).at("loss").as<float>()[0], 0);
}

}  // namespace
}  // namespace enxerto
