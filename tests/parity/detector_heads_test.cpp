// Heads of detectors against torchvision's: tools/golden/detector_heads.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/heads/loss.h"
#include "enxerto/tasks/detector_head.h"
#include "enxerto/weights/safetensors.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr std::int64_t kClassesOfHeads = 2;

const StateDict& golden_heads() {
  static const StateDict tensors = read_safetensors(ENXERTO_TEST_DATA "/heads/detector_heads.safetensors");
  return tensors;
}

struct GoldenHead {
  HeadSpec spec;
  SymbolicShape input;
  std::vector<Shape> maps;  // without the batch
  BoxSelection selection;
  double rate = 0;
};

GoldenHead golden_retina() {
  BoxSelection selection{.overlap = 0.5F, .of_class = 0, .candidates_of_map = 60, .all = 40};
  return {.spec = {.hidden = {8, 8, 8, 8}, .kind = "retina"},
          .input = {"batch", 3, 64, 48},
          .maps = {{4, 8, 6}, {6, 4, 3}, {8, 2, 2}},
          .selection = selection,
          .rate = 0.01};
}

GoldenHead golden_ssdlite() {
  BoxSelection selection{.of_class = 0, .candidates_of_class = 60, .all = 40};
  return {.spec = {.kind = "ssdlite"},
          .input = {"batch", 3, 64, 64},
          .maps = {{6, 4, 4}, {8, 2, 2}},
          .selection = selection,
          .rate = 0.002};
}

class DetectorHeads : public ::testing::TestWithParam<GoldenHead (*)()> {
 protected:
  DetectorHeads() : features_(Value{"map0", DType::f32, {}}) {
    std::vector<Value> maps;
    for (std::size_t i = 0; i < head_.maps.size(); ++i) {
      const std::string name = "map" + std::to_string(i);
      const Shape& shape = head_.maps[i];
      maps.push_back({name, DType::f32, {"batch", shape[0], shape[1], shape[2]}});
      batch_.set(name, formula::filled(name, {2, shape[0], shape[1], shape[2]}, {0, 1}));
    }
    features_ = HeadFeatures(maps.back());
    features_.maps = maps;
    features_.input = head_.input;
    boxes_ = row().boxes(features_);
    const Blueprint blueprint = head_network(head_.spec, features_, kClassesOfHeads);
    network_ = blueprint.fill(formula::weights(blueprint));
    for (const ParameterSpec& spec : blueprint.parameters)
      if (spec.role != Role::running_mean && spec.role != Role::running_variance) learned_.push_back(spec.name);
  }

  const DetectorHead& row() const { return *find_detector_head(head_.spec.kind); }
  const Tensor& golden(const std::string& name) const { return golden_heads().at(head_.spec.kind + "." + name); }

  /// Of a picture with the golden boxes, and of one without.
  Tensor targets() const {
    const auto values = golden_heads().at("truths").as<float>();
    std::vector<Corners> truths;
    for (std::size_t i = 0; i < values.size(); i += 4)
      truths.push_back({values[i], values[i + 1], values[i + 2], values[i + 3]});
    const Tensor first = row().targets(boxes_.corners, truths, golden_heads().at("labels").as<std::int64_t>());
    const Tensor second = row().targets(boxes_.corners, {}, {});
    TensorBuffer both(DType::f32, {2, first.shape()[0], first.shape()[1]});
    std::ranges::copy(first.as<float>(), both.as<float>().begin());
    std::ranges::copy(second.as<float>(), both.as<float>().begin() + static_cast<std::ptrdiff_t>(first.size()));
    return std::move(both).freeze();
  }

  GoldenHead head_ = GetParam()();
  HeadFeatures features_;
  DetectorBoxes boxes_;
  Graph network_;
  TensorMap batch_;
  std::vector<std::string> learned_;
};

TEST_P(DetectorHeads, HaveTorchvisionsBoxesAndMatches) {
  const auto wanted = golden("boxes").as<float>(), found = boxes_.corners.as<float>();
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-5) << i;
  const auto matches = golden("matches").as<std::int64_t>(), labels = golden_heads().at("labels").as<std::int64_t>();
  const Tensor rows = targets();
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::int64_t truth = matches[i];
    const auto label = truth < 0 ? static_cast<float>(-truth - 1) * -1 : static_cast<float>(labels[truth] + 1);
    EXPECT_EQ(rows.as<float>()[i * 5], label) << i;
  }
}

TEST_P(DetectorHeads, AnswerAsTorchvisions) {
  const TensorMap answers = compile(network_, {.threads = 1, .streams = 1, .batch = 2})->run(batch_);
  const auto wanted = golden("logits").as<float>(), found = answers.at(kHeadLogits).as<float>();
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], wanted[i], 1e-4 * std::max(1.0F, std::abs(wanted[i]))) << i;
}

TEST_P(DetectorHeads, TellOfTheSameBoxes) {
  const TensorMap answers = compile(network_, {.threads = 1, .streams = 1, .batch = 2})->run(batch_);
  const Tensor& all = answers.at(kHeadProbabilities);
  const std::size_t size = all.size() / 2;
  BoxSelection selection = head_.selection;
  selection.boxes_of_map = boxes_.boxes_of_map;
  for (std::size_t picture = 0; picture < 2; ++picture) {
    const auto found = selected_boxes(all.as<float>().subspan(picture * size, size), kClassesOfHeads, selection);
    const auto wanted = golden("found." + std::to_string(picture)).as<float>();
    ASSERT_EQ(found.size(), wanted.size() / 6);
    for (std::size_t i = 0; i < wanted.size(); i += 6) {
      const bool there = std::ranges::any_of(found, [&](const SelectedBox& box) {
        if (static_cast<float>(box.label) != wanted[i + 5] || std::abs(box.score - wanted[i + 4]) > 1e-4) return false;
        for (std::size_t side = 0; side < 4; ++side)
          if (std::abs(box.corners.at(side) - wanted[i + side]) > 1e-2) return false;
        return true;
      });
      EXPECT_TRUE(there) << i / 6 << ": class " << wanted[i + 5] << ", " << wanted[i + 4];
    }
  }
}

#ifdef ENXERTO_HAS_TRAINING

TEST_P(DetectorHeads, LearnAsTorchvisions) {
  OptimizerOptions optimizer{.kind = "sgd"};
  optimizer.momentum = 0.9;
  const auto trainer = make_trainer(with_loss(network_, {.kind = std::string(row().loss)}),
                                    {.threads = 1, .optimizer = optimizer, .groups = {{.parameters = learned_}}});
  TensorMap inputs = batch_;
  inputs.set(std::string(kLossTarget), targets());
  const std::vector<TrainBatch> batches{{.inputs = inputs, .examples = 2}};
  const auto wanted = golden("losses").as<float>();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(trainer->step(batches, head_.rate).loss, wanted[i], 1e-4 * wanted[i]) << "step " << i;
}

#endif

INSTANTIATE_TEST_SUITE_P(Kinds, DetectorHeads, ::testing::Values(golden_retina, golden_ssdlite),
                         [](const auto& test) { return test.param().spec.kind; });

}  // namespace
}  // namespace enxerto
