#include "enxerto/workflow/resolve_phases.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

const std::vector<StageCost> kStages{
    {.stage = "stem", .flops = 1}, {.stage = "layer1", .flops = 2}, {.stage = "layer2", .flops = 2}, {.stage = "head"}};

TEST(ResolvePhases, LearnsTheHeadWhereNothingElseIsAsked) {
  const std::vector<Phase> linear = resolve_phases({}, kStages, {.linear_head = true});
  ASSERT_EQ(linear.size(), 1U);
  EXPECT_EQ(linear[0].optimizer.kind, "lbfgs");
  EXPECT_NE(resolve_phases({}, kStages, {.linear_head = false})[0].optimizer.kind, "lbfgs");
}

TEST(ResolvePhases, ChangesTheLastPhaseOfAPreset) {
  Recipe recipe;
  recipe.training = {.preset = "fine-tune", .train_from = "layer1", .optimizer = "sgd", .epochs = 7};
  const std::vector<Phase> phases = resolve_phases(recipe, kStages, {.linear_head = true});
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].train_from, "head");
  EXPECT_EQ(phases[1].train_from, "layer1");
  EXPECT_EQ(phases[1].optimizer.kind, "sgd");
  EXPECT_EQ(phases[1].epochs, 7);
}

TEST(ResolvePhases, RefusesEpochsOfAHeadThatIsSolvedExactly) {
  Recipe recipe;
  recipe.training.epochs = 3;
  EXPECT_THROW(resolve_phases(recipe, kStages, {.linear_head = true}), Error);
  recipe.training.optimizer = "adam";
  EXPECT_EQ(resolve_phases(recipe, kStages, {.linear_head = true}).back().epochs, 3);
}

TEST(ResolvePhases, FineTunesFromTheStageThatIsNamed) {
  Recipe recipe;
  recipe.training.train_from = "layer2";
  EXPECT_EQ(resolve_phases(recipe, kStages, {.linear_head = true}).back().train_from, "layer2");
}

TEST(ResolvePhases, RefusesAPresetBesidePhasesAndNamesTheNearest) {
  Recipe recipe;
  recipe.training.preset = "fine-tun";
  try {
    (void)resolve_phases(recipe, kStages, {.linear_head = true});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("fine-tune"), std::string::npos) << error.what();
  }
  recipe.phases = {Phase{}};
  EXPECT_THROW(resolve_phases(recipe, kStages, {.linear_head = true}), Error);
}

}  // namespace
}  // namespace enxerto
