#include "enxerto/workflow/ineffective_keys.h"

#include "tests/files/thrown.h"

namespace enxerto {
namespace {

Phase exact() {
  Phase phase;
  phase.optimizer.kind = kExact.name;
  return phase;
}

Phase stepping(std::string from = "layer4") {
  Phase phase;
  phase.train_from = std::move(from);
  return phase;
}

/// A run of these phases of which `change` asks something.
struct Asked {
  Recipe recipe = {};
  std::vector<Phase> phases = {exact()};
  LossSpec loss = {.kind = "categorical_cross_entropy"};
  bool pools = true, maps = false, draws = true, has_test = false;

  void check() const {
    refuse_ineffective({.asked = recipe,
                        .phases = phases,
                        .loss = loss,
                        .pools = pools,
                        .maps = maps,
                        .draws = draws,
                        .has_test = has_test});
  }
  void expect_refused(const std::string& key) const {
    expect_says(thrown_by([&] { check(); }), ErrorKind::usage, key + ": has no effect");
  }
};

TEST(IneffectiveKeys, AreNoneOfADefaultRecipe) {
  EXPECT_NO_THROW(Asked().check());
  EXPECT_NO_THROW(Asked({.phases = {exact(), stepping()}}).check());
}

TEST(IneffectiveKeys, OfStepsAreRefusedWhereAHeadIsSolvedExactly) {
  const std::vector<std::pair<std::string, void (*)(Recipe&)>> keys{
      {"training.epochs", [](Recipe& r) { r.training.epochs = 50; }},
      {"training.batch_size", [](Recipe& r) { r.training.batch_size = 8; }},
      {"training.learning_rate", [](Recipe& r) { r.training.learning_rate = 0.1; }},
      {"training.device", [](Recipe& r) { r.run.device = Device::cuda; }},
      {"training.precision", [](Recipe& r) { r.run.training_precision = AskedPrecision::bf16; }},
      {"training.checkpoint_seconds", [](Recipe& r) { r.run.checkpoint_seconds = 5; }},
      {"data.validation_split", [](Recipe& r) { r.data.validation_split = 0.4; }},
      {"head.init", [](Recipe& r) { r.head.init = "he"; }}};
  for (const auto& [key, change] : keys) {
    Asked asked;
    change(asked.recipe);
    asked.expect_refused(key);
    asked.phases = {stepping("head")};
    EXPECT_NO_THROW(asked.check()) << key;
  }
}

TEST(IneffectiveKeys, OfInitialWeightsAreRefusedWhereTheHeadHasItsOwn) {
  Asked asked{.phases = {stepping("head")}, .draws = false};
  EXPECT_NO_THROW(asked.check());
  asked.recipe.head.init = "he";
  asked.expect_refused("head.init");
}

TEST(IneffectiveKeys, AreRefusedWhereWhatTheyAreForIsMissing) {
  Asked asked;
  asked.recipe.head.activation = "gelu";
  asked.expect_refused("head.activation");
  asked = {};
  asked.recipe.head.l2 = 3;
  EXPECT_NO_THROW(asked.check());
  asked.phases = {stepping()};
  asked.expect_refused("head.l2");
  asked = {.has_test = true};
  asked.recipe.data.test_split = 0.3;
  asked.expect_refused("data.test_split");
  asked = {.pools = false};
  asked.recipe.head.pool = "max";
  asked.expect_refused("head.pool");
  asked = {.loss = {.kind = "mean_squared_error"}};
  asked.recipe.loss.huber_delta = 2;
  asked.expect_refused("loss.huber_delta");
  asked = {};
  asked.recipe.run.cache = {.enabled = false, .directory = "here"};
  asked.expect_refused("cache.directory");
}

TEST(IneffectiveKeys, OfPoolingAreRefusedWhereTheHeadTakesMaps) {
  Asked asked{.phases = {stepping("head")}, .maps = true};
  EXPECT_NO_THROW(asked.check());
  asked.recipe.head.pool = "max";
  asked.expect_refused("head.pool");
  asked.maps = false;
  EXPECT_NO_THROW(asked.check());
}

TEST(IneffectiveKeys, OfAPhaseAreRefusedByItsNumber) {
  const std::vector<std::pair<std::string, void (*)(Phase&)>> keys{
      {"epochs", [](Phase& p) { p.epochs = 3; }},
      {"batch_size", [](Phase& p) { p.batch_size = 8; }},
      {"batch_tokens", [](Phase& p) { p.batch_tokens = 800; }},
      {"average_epochs", [](Phase& p) { p.average_epochs = 3; }},
      {"learning_rate", [](Phase& p) { p.learning_rate = 0.1; }},
      {"weight_decay", [](Phase& p) { p.weight_decay = 0.1; }},
      {"schedule", [](Phase& p) { p.schedule.kind = "cosine"; }},
      {"patience", [](Phase& p) { p.early_stopping.patience = 1; }},
      {"mixup", [](Phase& p) { p.augmentation.mixup = 0.2; }},
      {"views", [](Phase& p) { p.views = 2; }}};
  for (const auto& [key, change] : keys) {
    Asked asked{.phases = {stepping(), exact()}};
    change(asked.phases[1]);
    asked.recipe.phases = asked.phases;
    asked.expect_refused("phase 2: " + key);
  }
}

TEST(IneffectiveKeys, OfAPhaseAreRefusedWhereAnotherKeyOverridesThem) {
  const std::vector<std::pair<std::string, void (*)(Phase&)>> keys{
      {"learning_rate",
       [](Phase& p) {
         p.learning_rate = 0.1;
         p.lr_find = true;
       }},
      {"layer_decay",
       [](Phase& p) {
         p.train_from = "head";
         p.layer_decay = 0.5;
       }},
      {"decay_all", [](Phase& p) { p.decay_all = true; }},
      {"average_epochs",
       [](Phase& p) {
         p.average_epochs = 3;
         p.early_stopping.monitor = "loss";
       }},
      {"carry_state",
       [](Phase& p) {
         p.carry_state = false;
         p.batch_tokens = 800;
       }},
      {"gamma", [](Phase& p) { p.schedule.gamma = 0.5; }},
      {"pct_start", [](Phase& p) { p.schedule.pct_start = 0.5; }}};
  for (const auto& [key, change] : keys) {
    Asked asked{.phases = {stepping()}};
    change(asked.phases[0]);
    asked.recipe.phases = asked.phases;
    asked.expect_refused("phase 1: " + key);
  }
}

TEST(IneffectiveKeys, OfAnAugmentedExactPhaseAreItsViews) {
  Asked asked;
  asked.phases[0].augmentation.flip = true;
  asked.phases[0].views = 3;
  asked.recipe.phases = asked.phases;
  EXPECT_NO_THROW(asked.check());
}

}  // namespace
}  // namespace enxerto
