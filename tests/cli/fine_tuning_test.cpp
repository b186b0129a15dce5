#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "program.h"

namespace enxerto::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool says(const Outcome& outcome, const std::string& text) {
  return (outcome.out + outcome.err).find(text) != std::string::npos;
}

/// Two phases on a network of our own: the head, then the last stage.
constexpr const char* kRecipe = R"(
[data]
validation_split = 0.3
[backbone]
name = "resnet20_cifar"
weights = "random"
[head]
hidden = [8]
dropout = 0.2
[run]
precision = "fp32"
[[phase]]
train_from = "head"
epochs = 2
batch_size = 6
[[phase]]
train_from = "layer3"
optimizer = "sgd"
momentum = 0.9
learning_rate = 1e-3
epochs = 3
batch_size = 6
batch_norm = "frozen"
[phase.augmentation]
flip = true
)";

struct Pictures {
  Pictures() {
    write_class_folders(folder / "data", 3, 10);
    write(folder / "recipe.toml", kRecipe);
  }
  std::vector<std::string> train(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"train",    folder / "data",  "--recipe", folder / "recipe.toml",
                                   "--output", folder / "model", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Folder folder;
};

TEST(FineTuning, OfARunWithATimeLimitIsRepeatedByItsRecipe) {
  const Pictures pictures;
  std::string recipe = kRecipe;
  recipe.replace(recipe.find("validation_split = 0.3"), 22, "test_split = 0.2");
  write(pictures.folder / "recipe.toml", recipe);
  std::vector<std::string> words = pictures.train({"--time-limit", "1h"});
  std::erase(words, "--quiet");
  const Outcome limited = run(pictures.folder, words);
  ASSERT_EQ(limited.code, 0) << limited.err;
  EXPECT_TRUE(says(limited, "without one a cross-validation of the 24 that are learned from would compare them"))
      << limited.err;
  const Outcome again =
      run(pictures.folder, {"train", pictures.folder / "data", "--recipe", pictures.folder / "model/recipe.toml",
                            "--output", pictures.folder / "again", "--quiet"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(contents(pictures.folder / "model/model.safetensors") ==
              contents(pictures.folder / "again/model.safetensors"));
}

TEST(FineTuning, RunsItsPhasesAndGivesAModelThatIsVerified) {
  const Pictures pictures;
  const Outcome trained = run(pictures.folder, pictures.train({"--json"}));
  ASSERT_EQ(trained.code, 0) << trained.err;
  const json phases = json::parse(trained.out).at("phases");
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_EQ(phases[1].at("epochs").at("val_loss").size(), 3U);
  EXPECT_TRUE(phases[0].at("best").get<bool>() != phases[1].at("best").get<bool>());
  EXPECT_EQ(run(pictures.folder, {"verify", pictures.folder / "model"}).code, 0);
  EXPECT_FALSE(fs::exists(pictures.folder / "model.training"));
  EXPECT_NE(contents(pictures.folder / "model/report.html").find("Phases of training"), std::string::npos);
}

TEST(FineTuning, IsRepeatedToTheBitByTheRecipeInTheModel) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  ASSERT_EQ(run(folder, pictures.train({"--seed", "3"})).code, 0);
  const Outcome again = run(folder, {"train", folder / "data", "--recipe", folder / "model/recipe.toml", "--output",
                                     folder / "again", "--quiet"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(contents(folder / "model/model.safetensors") == contents(folder / "again/model.safetensors"));
}

TEST(FineTuning, KilledOrInterruptedAndResumedEndsWithTheSameBytes) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  // Every step is kept, so that the kill comes between two of them.
  write(folder / "recipe.toml", std::string(kRecipe) + "[training]\ncheckpoint_seconds = 0\n");
  ASSERT_EQ(run(folder, pictures.train()).code, 0);
  const std::string whole = contents(folder / "model/model.safetensors");
  for (const int signal : {SIGKILL, SIGINT, SIGHUP}) {
    fs::remove_all(folder / "model");
    const Outcome stopped = run(folder, pictures.train(),
                                {.stop_signal = signal, .stop_when = folder / "model.training", .stop_bytes = 20000});
    ASSERT_NE(stopped.code, 0) << "it was over before the signal came";
    ASSERT_FALSE(fs::exists(folder / "model"));
    EXPECT_EQ(stopped.code, 128 + signal) << stopped.err;
    const Outcome refused = run(folder, pictures.train());
    EXPECT_EQ(refused.code, 2);
    EXPECT_TRUE(says(refused, "--resume")) << refused.err;
    const Outcome resumed = run(folder, pictures.train({"--resume"}));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_TRUE(contents(folder / "model/model.safetensors") == whole) << "after signal " << signal;
  }
}

TEST(FineTuning, SaysThatThereIsNothingToResume) {
  const Pictures pictures;
  std::vector<std::string> words = pictures.train({"--resume"});
  std::erase(words, "--quiet");
  const Outcome trained = run(pictures.folder, words);
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(says(trained, "there is no checkpoint to resume")) << trained.err;
}

TEST(FineTuning, RefusesABatchBeyondTheTrainingPartBeforeAnythingIsComputed) {
  const Pictures pictures;  // of ten a class two are for the test, three of the others choose
  const Outcome refused = run(pictures.folder, pictures.train({"--batch-size", "16"}));
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(says(refused, "16 is more than the 15 training examples")) << refused.err;
  for (const auto& entry : fs::directory_iterator(pictures.folder / "cache"))
    EXPECT_FALSE(entry.is_directory()) << "features were computed: " << entry.path();
}

TEST(FineTuning, MakesABatchSmallerThatTurnsOutToBeTooLarge) {
  const Pictures pictures;
  write(pictures.folder / "data/a/0.bmp", "not a picture at all");
  std::vector<std::string> words = pictures.train({"--batch-size", "15"});
  std::erase(words, "--quiet");
  const Outcome trained = run(pictures.folder, words);
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(says(trained, "a batch holds all 14 training pictures, not 15")) << trained.err;
}

TEST(FineTuning, LeavesItsCurvesForTensorBoard) {
  const Pictures pictures;
  ASSERT_EQ(run(pictures.folder, pictures.train()).code, 0);
  for (const char* part : {"training", "validation"})
    EXPECT_TRUE(fs::exists(pictures.folder / "model.tensorboard" / part / "events.out.tfevents.enxerto")) << part;
}

TEST(FineTuning, RefusesToGoOnWithOtherPicturesClassesOrNetworks) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  const Launch stop{.stop_signal = SIGKILL, .stop_when = folder / "model.training", .stop_bytes = 20000};
  ASSERT_NE(run(folder, pictures.train(), stop).code, 0);
  const Outcome network = run(folder, pictures.train({"--resume", "--hidden", "9"}));
  EXPECT_TRUE(network.code == 2 || network.code == 4) << network.err;
  EXPECT_TRUE(says(network, "model.training")) << network.err;
  fs::rename(folder / "data/c", folder / "data/d");
  const Outcome classes = run(folder, pictures.train({"--resume"}));
  EXPECT_EQ(classes.code, 2) << classes.err;
  EXPECT_TRUE(says(classes, "class")) << classes.err;
}

TEST(FineTuning, ASavedModelIsTheBackboneOfTheNextRun) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  ASSERT_EQ(run(folder, pictures.train()).code, 0);
  write_class_folders(folder / "other", 2, 8, 5);
  const Outcome next =
      run(folder, {"train", folder / "other", "--backbone", folder / "model", "--train-from", "layer3", "--epochs", "1",
                   "--batch-size", "4", "--output", folder / "next", "--quiet", "--json"});
  ASSERT_EQ(next.code, 0) << next.err;
  EXPECT_EQ(json::parse(next.out).at("phases").size(), 3U);  // the head, on views too, the last stages
  EXPECT_EQ(run(folder, {"verify", folder / "next"}).code, 0);
}

TEST(FineTuning, AFullDiskKeepsTheCheckpointAndSaysSo) {
  const Pictures pictures;
  const Outcome full = run(pictures.folder, pictures.train(), {.file_limit_bytes = 300000});
  EXPECT_EQ(full.code, 5) << full.err;
  EXPECT_FALSE(fs::exists(pictures.folder / "model"));
}

TEST(FineTuning, AWeightFileThatIsEmptiedMeanwhileKeepsTheCheckpoint) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  ASSERT_EQ(run(folder, pictures.train()).code, 0);
  fs::rename(folder / "model", folder / "backbone");
  fs::copy(folder / "backbone", folder / "kept", fs::copy_options::recursive);
  std::string recipe = std::string(kRecipe) + "[training]\ncheckpoint_seconds = 0\n";
  recipe.replace(recipe.find("weights = \"random\""), 18, "");
  write(folder / "recipe.toml", recipe);
  const std::vector<std::string> words = pictures.train({"--backbone", folder / "backbone", "--no-cache"});
  const Outcome stopped = run(folder, words,
                              {.stop_when = folder / "model.training",
                               .stop_bytes = 20000,
                               .empty_then = folder / "backbone/model.safetensors"});
  EXPECT_EQ(stopped.code, 4) << stopped.err;
  EXPECT_TRUE(says(stopped, "became shorter while it was used")) << stopped.err;
  ASSERT_TRUE(fs::exists(folder / "model.training"));
  fs::remove_all(folder / "backbone");
  fs::rename(folder / "kept", folder / "backbone");
  std::vector<std::string> again = words;
  again.push_back("--resume");
  const Outcome resumed = run(folder, again);
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_FALSE(says(resumed, "there is no checkpoint to resume")) << resumed.err;
}

TEST(FineTuning, NamesWhatIsWrongWithAPhase) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  const auto refusal = [&](const std::string& from, const std::string& to) {
    std::string recipe = kRecipe;
    recipe.replace(recipe.find(from), from.size(), to);
    write(folder / "recipe.toml", recipe);
    const Outcome outcome = run(folder, pictures.train());
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_FALSE(fs::exists(folder / "model"));
    return outcome.err;
  };
  EXPECT_NE(refusal("\"layer3\"", "\"layer7\"").find("layer3, "), std::string::npos);
  EXPECT_NE(refusal("learning_rate = 1e-3", "learning_rate = nan").find("learning_rate"), std::string::npos);
  EXPECT_NE(refusal("learning_rate = 1e-3", "learning_rate = -1.0").find("learning_rate"), std::string::npos);
  EXPECT_NE(refusal("learning_rate = 1e-3", "learnig_rate = 1e-3").find("did you mean 'learning_rate'"),
            std::string::npos);
  EXPECT_NE(refusal("\"sgd\"", "\"sdg\"").find("did you mean 'sgd'"), std::string::npos);
  EXPECT_NE(refusal("batch_size = 6\nbatch_norm", "batch_size = 600\nbatch_norm").find("600"), std::string::npos);
}

TEST(FineTuning, WhatHasNoEffectIsRefusedBeforeAnythingIsComputed) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
      {{"--epochs", "50"}, "training.epochs"},
      {{"--batch-size", "8"}, "training.batch_size"},
      {{"--device", "cuda"}, "training.device"},
      {{"--validation-split", "0.4"}, "data.validation_split"},
      {{"--activation", "gelu"}, "head.activation"},
      {{"--train-from", "layer3", "--l2", "3", "--hidden", "4"}, "head.l2"},
      {{"--train-from", "layer3", "--batch-size", "14"}, "14 is more than the 8 training examples"},
      {{"--optimizer", "lbfgs", "--dropout", "0.5"}, "--dropout 0.5"},
      {{"--loss", "huber"}, "huber"}};
  for (const auto& [options, word] : refused) {
    std::vector<std::string> words{"train",  folder / "data", "--backbone", "resnet20_cifar", "--weights",
                                   "random", "--preset",      "fine-tune",  "--output",       folder / "model"};
    if (options.front() != "--train-from") words[7] = "feature-extraction";
    words.insert(words.end(), options.begin(), options.end());
    const Outcome outcome = run(folder, words);
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_TRUE(says(outcome, word)) << outcome.err;
    EXPECT_FALSE(fs::exists(folder / "model.training"));
    EXPECT_FALSE(says(outcome, "cached")) << outcome.err;
  }
}

TEST(FineTuning, AFewExamplesAreOneBatchAndADivergedRunSaysSoAndBlocksNothing) {
  const Folder folder;
  write_class_folders(folder / "data", 3, 6);
  const auto train = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"train",     folder / "data", "--backbone", "resnet20_cifar",
                                   "--weights", "random",        "--output",   folder / "model"};
    words.insert(words.end(), more.begin(), more.end());
    return run(folder, words);
  };
  write(folder / "hot.toml",
        "[[phase]]\noptimizer = \"lbfgs\"\n[[phase]]\ntrain_from = \"layer3\"\n"
        "optimizer = \"sgd\"\nlearning_rate = 1e30\nepochs = 1\n");
  const Outcome hot = train({"--recipe", folder / "hot.toml"});
  EXPECT_EQ(hot.code, 7) << hot.err;
  EXPECT_TRUE(says(hot, "phase 2 (")) << hot.err;
  EXPECT_TRUE(says(hot, "epoch 1 at learning rate 1e+30")) << hot.err;
  EXPECT_TRUE(says(hot, "has the weights of phase 1 (head)")) << hot.err;
  EXPECT_FALSE(fs::exists(folder / "model.training"));
  const Outcome small = train({"--replace", "--preset", "fine-tune", "--epochs", "1"});
  EXPECT_EQ(small.code, 0) << small.err;
}

TEST(FineTuning, APhaseThatExplodedIsNeitherKeptNorRefittedUnlessItHasLearnedSomething) {
  const Folder folder;
  write_class_folders(folder / "data", 3, 12);
  const auto train = [&](const std::string& recipe, const std::string& model) {
    write(folder / "hot.toml", recipe);
    return run(folder, {"train", folder / "data", "--backbone", "resnet20_cifar", "--weights", "random", "--recipe",
                        folder / "hot.toml", "--output", folder / model});
  };
  const std::string hot = "[[phase]]\ntrain_from = \"layer3\"\noptimizer = \"adam\"\nlearning_rate = 50\nepochs = 3\n";
  const Outcome alone = train(hot, "alone");
  EXPECT_EQ(alone.code, 7) << alone.err;
  EXPECT_TRUE(says(alone, "none of its epochs is better")) << alone.err;
  EXPECT_TRUE(says(alone, "a smaller learning rate than 50, such as 5")) << alone.err;
  EXPECT_FALSE(fs::exists(folder / "alone"));
  EXPECT_FALSE(fs::exists(folder / "alone.training"));
  const Outcome second = train("[[phase]]\noptimizer = \"lbfgs\"\n" + hot, "second");
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_NE(
      second.out.find("diverged  phase 2 (layer3): its training loss exploded; the model has the weights of phase 1"),
      std::string::npos)
      << second.out;
  EXPECT_TRUE(says(second, "note: phase 2 (layer3): Divergence: the training loss was")) << second.err;
}

TEST(FineTuning, ReplaceStartsAgainWhereARunWasKilled) {
  const Pictures pictures;
  const Folder& folder = pictures.folder;
  ASSERT_NE(run(folder, pictures.train(),
                {.stop_signal = SIGKILL, .stop_when = folder / "model.training", .stop_bytes = 20000})
                .code,
            0);
  const Outcome again = run(folder, pictures.train({"--replace"}));
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_FALSE(fs::exists(folder / "model.training"));
}

TEST(FineTuning, SeveralLabelsAndNumbersAreLearnedFromATable) {
  const Folder folder;
  write_class_folders(folder / "pictures", 2, 12);
  std::string labels = "file,labels\n", values = "file,redness\n";
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(i) + ".bmp";
    labels += "pictures/a/" + name + ",red|warm\npictures/b/" + name + ",green\n";
    values += "pictures/a/" + name + ",18.5\npictures/b/" + name + ",2.25\n";
  }
  write(folder / "labels.csv", labels);
  write(folder / "values.csv", values);
  for (const std::string table : {"labels", "values"}) {
    const Outcome trained = run(
        folder, {"train", folder / (table + ".csv"), "--size", "32", "--output", folder / table, "--quiet", "--json"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    const json report = json::parse(trained.out);
    EXPECT_EQ(report.at("solver"), table == "labels" ? "logistic regression" : "ridge regression");
    EXPECT_EQ(report.at("l2").is_array(), table == "labels");
    const json& figure = report.at("test").at(table == "labels" ? "mean_average_precision" : "r2");
    EXPECT_GT((figure.is_object() ? figure.at("value") : figure).get<double>(), 0.9)  // an interval takes more examples
        << trained.out;
    EXPECT_EQ(run(folder, {"verify", folder / table}).code, 0);
    const Outcome evaluated = run(folder, {"evaluate", folder / table, folder / (table + ".csv"), "--json", "--quiet"});
    EXPECT_EQ(evaluated.code, 0) << evaluated.err;
    const Outcome tuned =
        run(folder, {"train", folder / (table + ".csv"), "--backbone", "resnet20_cifar", "--weights", "random",
                     "--preset", "fine-tune", "--epochs", "1", "--output", folder / "tuned", "--replace"});
    EXPECT_EQ(tuned.code, 0) << tuned.err;
  }
}

}  // namespace
}  // namespace enxerto::test
