#include "enxerto/workflow/resolve_phases.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

const std::vector<StageCost> kStages{
    {.stage = "stem", .flops = 1}, {.stage = "layer1", .flops = 2}, {.stage = "layer2", .flops = 2}, {.stage = "head"}};
const PhasesFor kLinear{.stages = kStages, .exact = {.solver = &softmax_regression_solver()}};
const PhasesFor kHidden{.stages = kStages, .exact = {.obstacle = "head.hidden = [8]"}};

TEST(ResolvePhases, LearnsTheHeadWhereNothingElseIsAsked) {
  const std::vector<Phase> linear = resolve_phases({}, kLinear);
  ASSERT_EQ(linear.size(), 1U);
  EXPECT_EQ(linear[0].optimizer.kind, "lbfgs");
  EXPECT_NE(resolve_phases({}, kHidden)[0].optimizer.kind, "lbfgs");
}

TEST(ResolvePhases, ChangesTheLastPhaseOfAPreset) {
  Recipe recipe;
  recipe.training = {.preset = "fine-tune", .train_from = "layer1", .optimizer = "sgd", .epochs = 7};
  const std::vector<Phase> phases = resolve_phases(recipe, kLinear);
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[0].train_from, "head");
  EXPECT_EQ(phases[1].train_from, "layer1");
  EXPECT_EQ(phases[1].optimizer.kind, "sgd");
  EXPECT_EQ(phases[1].epochs, 7);
  recipe.training.epochs = 1;
  EXPECT_LE(resolve_phases(recipe, kLinear).back().schedule.warmup_epochs, 0.5) << "not all of it is warm-up";
}

TEST(ResolvePhases, RefusesToSolveAHeadThatCannotBeSolved) {
  Recipe recipe;
  recipe.training.optimizer = "lbfgs";
  EXPECT_NO_THROW((void)resolve_phases(recipe, kLinear));
  try {
    (void)resolve_phases(recipe, kHidden);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("head.hidden = [8]"), std::string::npos) << error.what();
  }
}

TEST(ResolvePhases, SolvesAHeadWithoutTheSmoothingOfThePhasesBehindIt) {
  const PhasesFor smooth{.stages = kStages,
                         .exact = {.solver = &softmax_regression_solver(), .obstacle = "loss.label_smoothing = 0.1"}};
  Recipe recipe;
  recipe.phases = {{.train_from = "head", .optimizer = {.kind = "lbfgs"}}};
  EXPECT_THROW((void)resolve_phases(recipe, smooth), Error);
  recipe.phases.push_back({.train_from = "layer2", .optimizer = {.kind = "adam"}});
  EXPECT_EQ(resolve_phases(recipe, smooth).size(), 2U);
  EXPECT_NE(resolve_phases({}, smooth)[0].optimizer.kind, "lbfgs");
}

TEST(ResolvePhases, FineTunesFromTheStageThatIsNamed) {
  Recipe recipe;
  recipe.training.train_from = "layer2";
  EXPECT_EQ(resolve_phases(recipe, kLinear).back().train_from, "layer2");
}

TEST(ResolvePhases, RefusesAPresetBesidePhasesAndNamesTheNearest) {
  Recipe recipe;
  recipe.training.preset = "fine-tun";
  try {
    (void)resolve_phases(recipe, kLinear);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("fine-tune"), std::string::npos) << error.what();
  }
  recipe.phases = {Phase{}};
  EXPECT_THROW(resolve_phases(recipe, kLinear), Error);
}

}  // namespace
}  // namespace enxerto
