#include "enxerto/transfer/presets.h"

#include <gtest/gtest.h>

#include "enxerto/transfer/check_phase.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const std::vector<std::string> kNames{"stem", "layer1", "layer2", "layer3", "head"};
const std::vector<StageCost> kStages{{.stage = "stem", .flops = 1},
                                     {.stage = "layer1", .flops = 3},
                                     {.stage = "layer2", .flops = 3},
                                     {.stage = "layer3", .flops = 3},
                                     {.stage = "head"}};

std::vector<std::string> cuts(const std::string& preset, const PresetOptions& options = {}) {
  std::vector<std::string> names;
  for (const Phase& phase : preset_phases(preset, kStages, options)) names.push_back(phase.train_from);
  return names;
}

TEST(Presets, ArePhasesThatPassTheCheck) {
  for (const std::string& name : preset_names())
    for (const bool linear : {false, true})
      for (const std::int64_t examples : {1, 40, 5000, 1000000})
        EXPECT_NO_THROW(check(preset_phases(name, kStages, {.linear_head = linear, .examples = examples}), kNames))
            << name;
}

TEST(Presets, CutWhereTheySay) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(cuts("feature-extraction"), (Names{"head"}));
  EXPECT_EQ(cuts("fine-tune"), (Names{"head", "layer2"}));
  EXPECT_EQ(cuts("gradual"), (Names{"head", "layer3", "layer2"}));
  EXPECT_EQ(cuts("full"), (Names{"head", "all"}));
  EXPECT_EQ(cuts("scratch"), (Names{"all"}));
}

TEST(Presets, TuneFewerStagesOfFewerExamplesAndTakeFewerEpochsOfMore) {
  EXPECT_EQ(cuts("fine-tune", {.examples = 100}).back(), "layer3");
  const auto epochs = [](std::int64_t examples) {
    return preset_phases("fine-tune", kStages, {.examples = examples}).back().epochs;
  };
  EXPECT_EQ(epochs(400), 5);
  EXPECT_EQ(epochs(5000), 5);
  EXPECT_EQ(epochs(12000), 4);
  EXPECT_EQ(epochs(1000000), 3);
}

TEST(Presets, TuneFewExamplesInFewEpochs) {
  const Phase few = preset_phases("fine-tune", kStages, {.examples = 245}).back();
  EXPECT_EQ(few.learning_rate, 1e-3);
  EXPECT_EQ(few.epochs, 10);
  EXPECT_EQ(preset_phases("full", kStages, {.examples = 245}).back().learning_rate, 5e-5);
  EXPECT_EQ(few.ema_decay, 0);
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.examples = 300}).back().learning_rate, 2e-3);
}

TEST(Presets, AverageWeightsOverAQuarterOfTheSteps) {
  const Phase phase = preset_phases("fine-tune", kStages, {.examples = 640}).back();
  EXPECT_DOUBLE_EQ(phase.ema_decay, 1 - 1 / (0.25 * 20 * static_cast<double>(phase.epochs)));
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.examples = 640, .batch_norm = false}).back().ema_decay, 0);
}

TEST(Presets, CompareByTheLossWhereExamplesAreMixed) {
  const auto monitors = [](const PresetOptions& options) {
    std::vector<std::string> names;
    for (const Phase& phase : preset_phases("fine-tune", kStages, options))
      names.push_back(phase.early_stopping.monitor);
    return names;
  };
  const Augmentation mixed{.flip = true, .mixup = 0.2};
  using Names = std::vector<std::string>;
  EXPECT_EQ(monitors({.examples = 600, .monitor = "val_accuracy", .augmentation = mixed}),
            (Names{"val_loss", "val_loss"}));
  EXPECT_EQ(monitors({.examples = 600, .monitor = "val_accuracy"}), (Names{"val_accuracy", "val_accuracy"}));
}

TEST(Presets, TuneNoLoneNormalisation) {
  const std::vector<StageCost> normalised{{.stage = "stem", .flops = 2},
                                          {.stage = "blocks", .flops = 8},
                                          {.stage = "norm", .parameters = 768},
                                          {.stage = "head"}};
  for (const char* preset : {"fine-tune", "gradual"}) {
    const std::vector<Phase> phases = preset_phases(preset, normalised, {});
    ASSERT_EQ(phases.size(), 2U) << preset;
    EXPECT_EQ(phases[1].train_from, "blocks") << preset;
  }
}

TEST(Presets, TuneNetworksOfTokensAsTheirAuthorsDo) {
  const Phase phase =
      preset_phases("fine-tune", kStages, {.examples = 500, .batch_norm = false, .tokens = true}).back();
  EXPECT_EQ(phase.epochs, 3);
  EXPECT_EQ(phase.optimizer.kind, "adamw");
  EXPECT_EQ(phase.schedule.kind, "linear");
  EXPECT_DOUBLE_EQ(phase.schedule.warmup_epochs, 0.3);
  EXPECT_EQ(phase.clip_norm, 1);
  EXPECT_GE(phase.learning_rate, 2e-5);
  EXPECT_LE(phase.learning_rate, 5e-5);
  EXPECT_EQ(preset_phases("full", kStages, {.batch_norm = false, .tokens = true}).back().learning_rate, 5e-5);
}

TEST(Presets, LeaveFrozenWhatIsNeverTrainedEvenWhereAllIs) {
  const std::string from{kStages[1].stage};
  EXPECT_EQ(preset_phases("full", kStages, {.full_from = from}).back().train_from, from);
  EXPECT_EQ(preset_phases("full", kStages, {}).back().train_from, "all");
  EXPECT_EQ(preset_phases("full", kStages, {.full_from = "no stage of it"}).back().train_from, "all");
}

TEST(Presets, DropInTheBlocksOfTokensWhereThereAreSome) {
  PresetOptions options{.batch_norm = false, .tokens = true, .dropping = {"layer1", "layer3"}};
  EXPECT_EQ(preset_phases("fine-tune", kStages, options).back().block_dropout, 0.1);
  EXPECT_EQ(preset_phases("full", kStages, options).back().block_dropout, 0.1);
  EXPECT_EQ(preset_phases("full", kStages, options).front().block_dropout, 0) << "the exact head";
  options.dropping = {"layer1"};
  EXPECT_EQ(preset_phases("fine-tune", kStages, options).back().block_dropout, 0) << "layer1 is frozen";
  options = {.batch_norm = false, .tokens = false, .dropping = {"layer3"}};
  EXPECT_EQ(preset_phases("full", kStages, options).back().block_dropout, 0) << "no tokens";
}

TEST(Presets, ChangeExamplesAsIsUsualForThem) {
  const Augmentation usual{.flip = true, .crop = 0.5};
  const std::vector<Phase> phases = preset_phases("fine-tune", kStages, {.augmentation = usual});
  EXPECT_EQ(phases.front().augmentation, Augmentation{}) << "the exact head is solved on plain features";
  EXPECT_EQ(phases.back().augmentation, usual);
}

TEST(Presets, SolveTheHeadOfFewExamplesOnTheirViewsToo) {
  const Augmentation usual{.flip = true, .crop = 0.5, .mixup = 0.2}, plain{.flip = true, .crop = 0.5};
  using Names = std::vector<std::string>;
  const PresetOptions few{.examples = 245, .monitor = "val_accuracy", .augmentation = usual};
  EXPECT_EQ(cuts("fine-tune", few), (Names{"head", "head", "layer3"}));
  EXPECT_EQ(cuts("gradual", few).size(), cuts("gradual", {.examples = 245}).size() + 1);
  EXPECT_EQ(cuts("feature-extraction", few), (Names{"head"}));
  EXPECT_EQ(cuts("fine-tune", {.examples = 245}).size(), 2U) << "there are no views";
  const std::vector<Phase> phases = preset_phases("fine-tune", kStages, few);
  EXPECT_TRUE(phases[1].solved_exactly());
  EXPECT_EQ(phases[0].augmentation, Augmentation{});
  EXPECT_EQ(phases[1].augmentation, plain) << "what is mixed has no class to be solved for";
  EXPECT_EQ(phases[1].views, 10);
  EXPECT_EQ(phases[0].early_stopping.monitor, "val_loss");
  EXPECT_EQ(phases[1].early_stopping.monitor, "val_accuracy");
}

TEST(Presets, SolveALinearHeadAndTrainAnyOther) {
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.linear_head = true})[0].optimizer.kind, "lbfgs");
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.linear_head = false})[0].optimizer.kind, "adam");
}

TEST(Presets, TakeLowerRatesWhereNothingIsNormalisedOverTheBatch) {
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.batch_norm = true})[1].learning_rate, 2e-3);
  EXPECT_EQ(preset_phases("fine-tune", kStages, {.batch_norm = false})[1].learning_rate, 1e-4);
}

TEST(Presets, TrainBatchNormFromRandomWeights) {
  EXPECT_EQ(preset_phases("scratch", kStages)[0].batch_norm, BatchNormPolicy::train);
}

TEST(Presets, NameTheNearest) {
  expect_says(thrown_by([] { (void)preset_phases("finetune", kStages); }), ErrorKind::usage, "'fine-tune'");
}

TEST(Presets, NeedAStageToTune) {
  const std::vector<StageCost> only{{.stage = "head"}};
  expect_says(thrown_by([&] { (void)preset_phases("fine-tune", only); }), ErrorKind::usage, "no stage before");
  EXPECT_NO_THROW((void)preset_phases("scratch", only));
}

}  // namespace
}  // namespace enxerto
