#include "enxerto/transfer/presets.h"

#include <gtest/gtest.h>

#include "enxerto/transfer/check_phase.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const std::vector<std::string> kStages{"stem", "layer1", "layer2", "head"};

std::vector<std::string> cuts(const std::string& preset) {
  std::vector<std::string> names;
  for (const Phase& phase : preset_phases(preset, kStages)) names.push_back(phase.train_from);
  return names;
}

TEST(Presets, ArePhasesThatPassTheCheck) {
  for (const std::string& name : preset_names())
    for (const bool linear : {false, true}) {
      EXPECT_NO_THROW(check(preset_phases(name, kStages, {.linear_head = linear}), kStages)) << name;
      EXPECT_FALSE(preset_summary(name).empty());
    }
}

TEST(Presets, CutWhereTheySay) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(cuts("feature-extraction"), (Names{"head"}));
  EXPECT_EQ(cuts("fine-tune"), (Names{"head", "layer2"}));
  EXPECT_EQ(cuts("gradual"), (Names{"head", "layer2", "layer1", "all"}));
  EXPECT_EQ(cuts("full"), (Names{"head", "all"}));
  EXPECT_EQ(cuts("scratch"), (Names{"all"}));
}

TEST(Presets, SolveALinearHeadAndTrainAnyOther) {
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.linear_head = true})[0].optimizer.kind, "lbfgs");
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.linear_head = false})[0].optimizer.kind, "adam");
  EXPECT_EQ(preset_phases("fine-tune", kStages)[1].learning_rate, 1e-5);
}

TEST(Presets, TrainBatchNormFromRandomWeights) {
  EXPECT_EQ(preset_phases("scratch", kStages)[0].batch_norm, BatchNormPolicy::train);
}

TEST(Presets, NameTheNearest) {
  expect_says(thrown_by([] { (void)preset_phases("finetune", kStages); }), ErrorKind::usage, "'fine-tune'");
}

TEST(Presets, NeedAStageToTune) {
  const std::vector<std::string> only{"head"};
  expect_says(thrown_by([&] { (void)preset_phases("fine-tune", only); }), ErrorKind::usage, "no stage before");
  EXPECT_NO_THROW((void)preset_phases("scratch", only));
}

}  // namespace
}  // namespace enxerto
