#include "enxerto/workflow/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <locale>

#include "enxerto/base/error.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/workflow/resolve_phases.h"

namespace enxerto {
namespace {

std::string refusal(std::string_view toml) {
  try {
    (void)recipe_from_toml(toml, "r.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "accepted";
}

TEST(Recipe, SurvivesTheWayToTomlAndBack) {
  Recipe recipe;
  recipe.data.path = "pictures \"of\" flowers";
  recipe.data.test_split = 0.25;
  recipe.input.size = 96;
  recipe.head.l2 = 0.001;
  recipe.run.cache.enabled = false;
  const std::string text = to_toml(recipe);
  EXPECT_EQ(to_toml(recipe_from_toml(text, "r.toml")), text);
  EXPECT_EQ(recipe_from_toml(text, "r.toml").data.path, recipe.data.path);
  EXPECT_EQ(recipe_from_toml(text, "r.toml").head.l2, 0.001);
}

TEST(Recipe, NamesTheNearestKeyAndTableForAnUnknownOne) {
  EXPECT_NE(refusal("[input]\nsze = 3\n").find("did you mean 'size'"), std::string::npos);
  EXPECT_NE(refusal("[imput]\nsize = 3\n").find("did you mean 'input'"), std::string::npos);
}

TEST(Recipe, RefusesValuesOfAnotherTypeOrOutOfRange) {
  EXPECT_NE(refusal("[input]\nsize = \"large\"\n").find("a whole number"), std::string::npos);
  EXPECT_NE(refusal("[data]\ntest_split = 1.5\n").find("0.01 to 0.9"), std::string::npos);
  EXPECT_NE(refusal("[data]\ntest_split = nan\n").find("test_split"), std::string::npos);
  EXPECT_NE(refusal("[run]\nprecision = \"fp23\"\n").find("did you mean 'fp32'"), std::string::npos);
  EXPECT_NE(refusal("size = 3\n").find("unknown table"), std::string::npos);
  EXPECT_NE(refusal("backbone = \"resnet50\"\n").find("'backbone' is not a table"), std::string::npos);
  EXPECT_NE(refusal("[[data]]\npath = \"a\"\n").find("[data] once"), std::string::npos);
}

TEST(Recipe, KeepsItsPhasesAndTheirAugmentation) {
  const Recipe recipe = recipe_from_toml(
      "[head]\nhidden = [256, 64]\n[[phase]]\nepochs = 3\n[[phase]]\ntrain_from = \"layer4\"\nschedule = \"cosine\"\n"
      "[phase.augmentation]\nflip = true\nmixup = 0.2\n",
      "r.toml");
  ASSERT_EQ(recipe.phases.size(), 2U);
  EXPECT_EQ(recipe.phases[0].epochs, 3);
  EXPECT_EQ(recipe.phases[1].train_from, "layer4");
  EXPECT_EQ(recipe.phases[1].schedule.kind, "cosine");
  EXPECT_TRUE(recipe.phases[1].augmentation.flip);
  EXPECT_EQ(recipe.head.hidden, (std::vector<std::int64_t>{256, 64}));
  EXPECT_EQ(to_toml(recipe_from_toml(to_toml(recipe), "r.toml")), to_toml(recipe));
}

TEST(Recipe, IsRepeatedWithoutWhereTheModelAndTheCacheWere) {
  Recipe recipe;
  recipe.data.path = "flowers";
  recipe.output = {.path = "model", .replace = true};
  recipe.run.cache.directory = "/somewhere";
  recipe.phases = {Phase{}};
  const std::string text = to_portable_toml(recipe);
  EXPECT_EQ(text.find("[output]"), std::string::npos) << text;
  EXPECT_EQ(text.find("[cache]"), std::string::npos) << text;
  const Recipe again = recipe_from_toml(text, "recipe.toml");
  EXPECT_EQ(again.data.path, "flowers");
  EXPECT_EQ(again.phases.size(), 1U);
  EXPECT_FALSE(again.output.replace);
}

TEST(Recipe, NamesThePhaseOfAnUnknownKey) {
  const std::string said = refusal("[[phase]]\nepochs = 1\n[[phase]]\nepocs = 2\n");
  EXPECT_NE(said.find("[[phase]] 2"), std::string::npos) << said;
  EXPECT_NE(said.find("did you mean 'epochs'"), std::string::npos) << said;
  EXPECT_NE(refusal("[[phase]]\naugmentation = { flop = true }\n").find("did you mean 'flip'"), std::string::npos);
}

TEST(Recipe, ReadsDecimalPointsWhereTheLocaleHasCommas) {
  struct Commas : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale(), new Commas));
  Recipe recipe = recipe_from_toml("[[phase]]\nlearning_rate = 0.0125\nbatch_size = 4096\n", "r.toml");
  const std::string text = to_toml(recipe);
  std::locale::global(before);
  EXPECT_EQ(recipe.phases[0].learning_rate, 0.0125);
  EXPECT_NE(text.find("learning_rate = 0.0125"), std::string::npos) << text;
  EXPECT_NE(text.find("batch_size = 4096"), std::string::npos) << text;
}

TEST(Recipe, ReadsOlderNamesAndSaysOnceWhatTheyAreNow) {
  const Recipe recipe = recipe_from_toml(
      "[data]\nheld_out = 0.3\nkind = \"values\"\n[training]\nrows = \"fp16\"\noptimizer = \"convex\"\n"
      "[[phase]]\noptimizer = \"convex\"\nbatch_norm = \"restat\"\naccumulate = 4\naverage_decay = 0.9\nfind_rate = "
      "true\n"
      "step_epochs = 3\ncycle_rise = 0.2\nfinal_factor = 0.1\n",
      "r.toml");
  EXPECT_EQ(recipe.data.test_split, 0.3);
  EXPECT_EQ(recipe.data.kind, "regression");
  EXPECT_EQ(recipe.run.cache.dtype, CacheDType::fp16);
  EXPECT_EQ(recipe.training.optimizer, "lbfgs");
  const Phase& phase = recipe.phases.at(0);
  EXPECT_EQ(phase.optimizer.kind, "lbfgs");
  EXPECT_EQ(phase.batch_norm, BatchNormPolicy::recompute);
  EXPECT_EQ(phase.accumulation_steps, 4);
  EXPECT_EQ(phase.ema_decay, 0.9);
  EXPECT_TRUE(phase.lr_find);
  EXPECT_EQ(phase.schedule.step_size, 3);
  EXPECT_EQ(phase.schedule.pct_start, 0.2);
  EXPECT_EQ(phase.schedule.end_factor, 0.1);
  ASSERT_EQ(recipe.notices.size(), 1U);
  EXPECT_NE(recipe.notices[0].find("r.toml"), std::string::npos);
  EXPECT_NE(recipe.notices[0].find("held_out (now test_split)"), std::string::npos) << recipe.notices[0];
  EXPECT_TRUE(recipe_from_toml(to_toml(recipe), "r.toml").notices.empty());
}

/// A network that has the stages which the recipe names, and a task whose linear head softmax regression solves.
PhasesFor phases_for(const Recipe& recipe) {
  static std::vector<StageCost> stages;
  stages.clear();
  for (const Phase& phase : recipe.phases) {
    const bool known = std::ranges::find(stages, phase.train_from, &StageCost::stage) != stages.end();
    if (!known && phase.train_from != "head" && phase.train_from != "all")
      stages.push_back({.stage = phase.train_from});
  }
  stages.push_back({.stage = "head"});
  const HeadSpec head{.hidden = recipe.head.hidden, .dropout = recipe.head.dropout};
  const LossSpec loss{.kind = recipe.loss.kind, .label_smoothing = recipe.loss.label_smoothing};
  return {.stages = stages,
          .exact = exact_choice(head, loss, softmax_regression_solver(), {"auto", "sparse_categorical_cross_entropy"})};
}

TEST(Recipe, EveryPublishedOneIsRead) {
  std::size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ENXERTO_RECIPES_DIR)) {
    const Recipe recipe = read_recipe(entry.path());
    EXPECT_FALSE(recipe.phases.empty()) << entry.path();
    EXPECT_NO_THROW((void)resolve_phases(recipe, phases_for(recipe))) << entry.path();
    ++read;
  }
  EXPECT_GE(read, 9U);
}

TEST(Recipe, GoesWithAModelWithoutThePlacesOfThisMachine) {
  Recipe recipe;
  recipe.data.path = "/home/ana/flowers";
  recipe.data.test = "flowers/test";
  recipe.backbone.weights = "/home/ana/net.pth";
  recipe.output.path = "/home/ana/model";
  recipe.run.cache.directory = "/home/ana/cache";
  recipe.run.seed = 7;
  const std::string text = to_portable_toml(recipe);
  EXPECT_EQ(text.find("ana"), std::string::npos) << text;
  const Recipe back = recipe_from_toml(text, "recipe.toml");
  EXPECT_EQ(back.data.path, "flowers");
  EXPECT_EQ(back.data.test, "flowers/test");
  EXPECT_EQ(back.backbone.weights, "net.pth");
  EXPECT_EQ(back.output.path, "");
  EXPECT_EQ(back.run.seed, 7);
}

}  // namespace
}  // namespace enxerto
