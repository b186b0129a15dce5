#include "recipe_options.h"

#include "enxerto/base/error.h"

namespace enxerto::cli {

template <typename T>
Option* RecipeOptions::add(const std::string& name, T& (*field)(Recipe&), const std::string& about) {
  auto value = std::make_shared<T>();
  Option* option = nullptr;
  if constexpr (std::is_same_v<T, bool>) {
    option = command_.add_flag(name, *value, about);
  } else {
    option = command_.add_option(name, *value, about);
  }
  overrides_.emplace_back([option, value, field](Recipe& recipe) {
    if (option->given()) field(recipe) = *value;
  });
  return option;
}

RecipeOptions::RecipeOptions(Command& command) : command_(command) {
  add_data_options();
  add_network_options();
  add_training_options();
  add_run_options();
}

void RecipeOptions::add_data_options() {
  add<std::string>(
      "DATA", [](Recipe& r) -> auto& { return r.data.path; },
      "Pictures to learn from: class folders, IDX or CIFAR binary");
  add<std::string>(
      "-o,--output", [](Recipe& r) -> auto& { return r.output.path; }, "Where the model is saved (a directory)");
  add<bool>("--replace", [](Recipe& r) -> auto& { return r.output.replace; }, "Replace a model that is already there");
  command_.add_option("--recipe", file_, "A recipe file (TOML), e.g. MODEL/recipe.toml; options win over it");
  const std::string group = "Data";
  add<std::string>(
      "--test", [](Recipe& r) -> auto& { return r.data.test; }, "Held-out pictures for the headline figure")
      ->group(group);
  add<std::string>(
      "--validation", [](Recipe& r) -> auto& { return r.data.validation; }, "Further held-out pictures to report on")
      ->group(group);
  add<double>(
      "--held-out", [](Recipe& r) -> auto& { return r.data.held_out; },
      "Share of each class held out where there is no test data (0.2)")
      ->group(group);
  add<std::int64_t>(
      "--take", [](Recipe& r) -> auto& { return r.data.take; }, "Learn from the first N pictures only")
      ->group(group);
  add<std::int64_t>(
      "--take-per-class", [](Recipe& r) -> auto& { return r.data.take_per_class; },
      "Learn from the first N pictures of each class only")
      ->group(group);
  add<std::int64_t>(
      "--test-take", [](Recipe& r) -> auto& { return r.data.test_take; }, "Test on the first N pictures only")
      ->group(group);
  add<std::int64_t>(
      "--test-take-per-class", [](Recipe& r) -> auto& { return r.data.test_take_per_class; },
      "Test on the first N pictures of each class only")
      ->group(group);
  add<std::string>(
      "--on-bad", [](Recipe& r) -> auto& { return r.data.on_bad; }, "A picture that cannot be read: error | skip")
      ->group(group);
}

void RecipeOptions::add_network_options() {
  const std::string group = "Network";
  add<std::string>("-b,--backbone", [](Recipe& r) -> auto& { return r.backbone.name; }, kBackboneHelp)->group(group);
  add<std::string>("--weights", [](Recipe& r) -> auto& { return r.backbone.weights; }, kWeightsHelp)->group(group);
  add<std::int64_t>(
      "--size", [](Recipe& r) -> auto& { return r.input.size; }, "Side of the square that the network sees, px")
      ->group(group);
  add<std::string>(
      "--fit", [](Recipe& r) -> auto& { return r.input.fit; }, "How a picture becomes a square: auto | crop | squash")
      ->group(group);
  add<bool>(
      "--scaled-decode", [](Recipe& r) -> auto& { return r.input.scaled_decode; },
      "Decode large JPEGs at a fraction of their size: faster, not equal to the bit")
      ->group(group);
  add<std::string>(
      "--normalise", [](Recipe& r) -> auto& { return r.input.normalise; },
      "Numbers that the network sees: auto | unit (pixels / 255) | tf | torch | caffe")
      ->group(group);
  add<double>(
      "--l2", [](Recipe& r) -> auto& { return r.head.l2; },
      "Strength of the head's penalty (chosen by cross-validation)")
      ->group(group);
  add<std::string>(
      "--class-weights", [](Recipe& r) -> auto& { return r.head.class_weights; }, "none | balanced")
      ->group(group);
  add<std::string>(
      "--precision", [](Recipe& r) -> auto& { return r.run.precision; }, "Of the frozen network: auto | fp32 | bf16")
      ->group(group);
}

void RecipeOptions::add_training_options() {
  const std::string group = "Training";
  add<std::string>(
      "--preset", [](Recipe& r) -> auto& { return r.training.preset; },
      "Phases: feature-extraction | fine-tune | gradual | full | scratch")
      ->group(group);
  add<std::string>(
      "--train-from", [](Recipe& r) -> auto& { return r.training.train_from; },
      "First stage that learns in the last phase: see 'enxerto inspect BACKBONE'; or all")
      ->group(group);
  add<std::int64_t>(
      "--epochs", [](Recipe& r) -> auto& { return r.training.epochs; }, "Epochs of the last phase")
      ->group(group);
  add<double>(
      "--learning-rate", [](Recipe& r) -> auto& { return r.training.learning_rate; }, "Of the last phase")
      ->group(group);
  add<std::int64_t>(
      "--batch-size", [](Recipe& r) -> auto& { return r.training.batch_size; }, "Examples a step of the last phase")
      ->group(group);
  add<std::string>(
      "--optimizer", [](Recipe& r) -> auto& { return r.training.optimizer; },
      "Of the last phase: convex | sgd | adam | adamw | rmsprop")
      ->group(group);
  add<std::vector<std::int64_t>>(
      "--hidden", [](Recipe& r) -> auto& { return r.head.hidden; }, "Widths of dense layers in the head")
      ->group(group);
  add<std::string>(
      "--pool", [](Recipe& r) -> auto& { return r.head.pool; }, "Before the head: avg | max | flatten | concat")
      ->group(group);
  add<double>(
      "--dropout", [](Recipe& r) -> auto& { return r.head.dropout; }, "Share that is dropped in the head")
      ->group(group);
  add<double>(
      "--validation-split", [](Recipe& r) -> auto& { return r.data.validation_split; },
      "Share of the training pictures that chooses epochs and phases (0.1)")
      ->group(group);
  add<std::string>(
      "--train-precision", [](Recipe& r) -> auto& { return r.training.precision; },
      "Of what learns: auto | fp32 | bf16")
      ->group(group);
  add<std::string>(
      "--rows", [](Recipe& r) -> auto& { return r.training.rows; }, "Of cached values: fp32 | fp16 | bf16")
      ->group(group);
  add<double>(
      "--cache-budget", [](Recipe& r) -> auto& { return r.training.cache_budget_gb; },
      "GB of frozen values; beyond it they are computed in every epoch (20)")
      ->group(group);
  add<std::string>("--device", [](Recipe& r) -> auto& { return r.training.device; }, "cpu | cuda")->group(group);
  Option* resume = command_.add_flag("--resume", "Go on from the checkpoint of a run that was stopped");
  resume->group(group);
  overrides_.emplace_back([resume](Recipe& recipe) {
    if (resume->given()) recipe.resume = true;
  });
}

void RecipeOptions::add_run_options() {
  const std::string group = "Run";
  add<std::int64_t>(
      "--seed", [](Recipe& r) -> auto& { return r.run.seed; }, "Seed of every random choice (0)")
      ->group(group);
  add<std::int64_t>(
      "-t,--threads", [](Recipe& r) -> auto& { return r.run.threads; }, "Threads (all cores)")
      ->group(group);
  add<std::int64_t>(
      "--batch", [](Recipe& r) -> auto& { return r.run.batch; }, "Pictures a call of the engine")
      ->group(group);
  Option* option = command_.add_flag("--no-cache", "Neither read nor keep features on disk");
  option->group(group);
  overrides_.emplace_back([option](Recipe& recipe) {
    if (option->given()) recipe.cache.enabled = false;
  });
  add<std::string>(
      "--cache", [](Recipe& r) -> auto& { return r.cache.directory; }, "Folder of the feature cache (~/.cache/enxerto)")
      ->group(group);
  add<double>(
      "--cache-limit", [](Recipe& r) -> auto& { return r.cache.limit_gb; }, "Size limit of the feature cache, GB (20)")
      ->group(group);
}

Recipe RecipeOptions::recipe() const {
  Recipe recipe = file_.empty() ? Recipe{} : read_recipe(file_);
  for (const auto& apply : overrides_) apply(recipe);
  if (recipe.data.path.empty()) {
    throw Error(ErrorKind::usage, {.where = "DATA",
                                   .found = "missing",
                                   .expected = "the folder of pictures to learn from",
                                   .tip = "enxerto train --help"});
  }
  check(recipe);
  return recipe;
}

}  // namespace enxerto::cli
