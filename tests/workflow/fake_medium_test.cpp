// A medium of 20 lines (numbers_medium.h) goes through the whole library without a line of it in any layer.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/open.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/bundle/tiny_bundle.h"
#include "tests/files/thrown.h"
#include "tests/workflow/numbers_medium.h"
#include "tests/workflow/numbers_network.h"
#include "tests/workflow/run_in.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;
using testing::NumbersPreprocessor;

constexpr int kPerClass = 30;

class FakeMedium : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { add_preprocessor_kind({"numbers", NumbersPreprocessor::from_record}); }

  FakeMedium() {
    std::string name = (fs::temp_directory_path() / "enxerto-medium-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    testing::write_numbers(folder_ / "data", kPerClass);
    testing::write_backbone(folder_ / "backbone");
  }
  ~FakeMedium() override { fs::remove_all(folder_); }

  Recipe recipe(const std::string& output) const { return testing::run_in(folder_, output); }

  /// What a model says of each example of the data, one by one or in batches: its probabilities, by name.
  std::map<std::string, std::vector<float>> predictions(const Model& model, bool one_by_one) const {
    std::map<std::string, std::vector<float>> found;
    const auto keep = [&](const PredictedExample& example) {
      EXPECT_EQ(example.bad, "");
      found[example.id] = example.probabilities;
    };
    const DatasetPtr data = open_data(folder_ / "data").all;
    for (std::size_t i = 0; one_by_one && i < data->size(); ++i) model.predict(*subset(data, {i}), 1, keep);
    if (!one_by_one) model.predict(*data, 1, keep);
    return found;
  }

  fs::path folder_;
};

TEST_F(FakeMedium, IsTrainedWithAnExactHeadSavedAndReadBack) {
  const TrainReport report = train(recipe("model"));
  EXPECT_TRUE(report.is_solved());
  EXPECT_EQ(report.task, "classification");
  EXPECT_EQ(report.classes, (std::vector<std::string>{"calm", "wild"}));
  EXPECT_EQ(report.train_examples + report.test_examples, 2U * kPerClass);
  EXPECT_EQ(report.computed, 2U * kPerClass);
  EXPECT_GT(report.test["accuracy"].value, 0.9);
  const Bundle saved = read_bundle(report.model);
  EXPECT_EQ(saved.preprocessor->record(), NumbersPreprocessor(24).record());
  EXPECT_EQ(saved.graph.inputs.size(), 3U);
}

TEST_F(FakeMedium, ComesFromTheCacheTheSecondTime) {
  (void)train(recipe("first"));
  const TrainReport second = train(recipe("second"));
  EXPECT_EQ(second.computed, 0U);
  EXPECT_EQ(second.cached, 2U * kPerClass);
}

TEST_F(FakeMedium, IsPredictedEvaluatedAndVerified) {
  const TrainReport report = train(recipe("model"));
  const Model model = Model::load(report.model, {.threads = 1});
  const auto alone = predictions(model, true), together = predictions(model, false);
  ASSERT_EQ(alone.size(), 2U * kPerClass);
  std::size_t right = 0;
  for (const auto& [id, probabilities] : together) {
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(probabilities[i], alone.at(id)[i], 1e-5) << id;
    right += (probabilities[1] > 0.5F) == id.starts_with("wild") ? 1 : 0;
  }
  EvaluateOptions options;
  options.threads = 1;
  const EvaluationReport evaluated = evaluate(report.model, folder_ / "data", options);
  EXPECT_EQ(evaluated.examples, 2U * kPerClass);
  EXPECT_DOUBLE_EQ(evaluated.metrics["accuracy"].value, static_cast<double>(right) / (2.0 * kPerClass));
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;
}

TEST_F(FakeMedium, LeavesNoPathAndNoExampleInItsModel) {
  std::ofstream(folder_ / "data" / "calm" / "letters.txt") << "no numbers here\n";
  Recipe asked = recipe("model");
  asked.data.on_bad = OnBad::skip;
  const TrainReport report = train(asked);
  for (const auto& file : fs::directory_iterator(report.model)) {
    const std::string content = testing::slurp(file.path());
    for (const std::string& place : {folder_.string(), folder_.filename().string(), fs::temp_directory_path().string()})
      EXPECT_EQ(content.find(place), std::string::npos) << file.path() << " holds " << place;
  }
  const Bundle saved = read_bundle(report.model);
  EXPECT_NE(saved.readme.find("| Data | data "), std::string::npos) << saved.readme;
  EXPECT_EQ(saved.golden.at("input/values").as<float>()[0], 0.5F) << "made up";
  asked = recipe("with samples");
  asked.data.on_bad = OnBad::skip;
  asked.output.sample_inputs = true;
  const Bundle real = read_bundle(train(asked).model);
  EXPECT_NE(real.golden.at("input/values").as<float>()[0], 0.5F);
}

TEST_F(FakeMedium, IsKnownAgainWhereTheModelLearnedFromIt) {
  const TrainReport report = train(recipe("model"));
  EXPECT_EQ(read_bundle(report.model).learned_from->size(), report.train_examples);
  EXPECT_EQ(evaluate(report.model, folder_ / "data").learned_from, report.train_examples);
}

TEST_F(FakeMedium, ThatCannotBeReadIsNamedOrLeftOut) {
  std::ofstream(folder_ / "data" / "calm" / "letters.txt") << "no numbers here\n";
  try {
    Recipe strict = recipe("model");
    strict.data.on_bad = OnBad::error;
    (void)train(strict);
    ADD_FAILURE() << "an example that cannot be read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("calm/letters.txt"), std::string::npos) << error.what();
  }
  Recipe skipping = recipe("model");
  skipping.data.on_bad = OnBad::skip;
  const TrainReport report = train(skipping);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_EQ(report.skipped.front().id, "calm/letters.txt");
}

TEST_F(FakeMedium, OfAKindThatIsNotThereIsRefusedByName) {
  try {
    (void)preprocessor_from_record({{"kind", "letters"}}, "preprocess.json");
    ADD_FAILURE() << "an unknown kind";
  } catch (const Error& error) {
    EXPECT_EQ(error.text().expected,
              "image, text_line, text, audio, sound_windows, voice, utterance, translation, whisper, numbers");
  }
  EXPECT_THROW(add_preprocessor_kind({"numbers", NumbersPreprocessor::from_record}), Error);
}

#ifdef ENXERTO_HAS_TRAINING

/// Stops the run after the third epoch of its second phase.
struct StopsInTheSecondPhase final : Progress {
  void result(std::string_view text) override { stopped = stopped || text.find(" 3/6 ") != std::string_view::npos; }
  bool cancelled() const override { return stopped; }
  bool stopped = false;
};

Recipe in_two_phases(Recipe recipe) {
  Phase head;
  head.epochs = 4;
  head.batch_size = 8;
  head.learning_rate = 0.02;
  Phase block = head;
  block.train_from = "block";
  block.epochs = 6;
  block.learning_rate = 0.005;
  recipe.phases = {head, block};
  recipe.head.hidden = {6};
  recipe.head.dropout = 0.1;
  return recipe;
}

/// Removes the data after the last epoch of the first phase.
struct RemovesTheData final : Progress {
  explicit RemovesTheData(fs::path folder) : data(std::move(folder)) {}
  void result(std::string_view text) override {
    if (text.find(" 4/4 ") != std::string_view::npos) fs::remove_all(data);
  }
  fs::path data;
};

TEST_F(FakeMedium, ThatVanishesWhileARunGoesOnIsNamed) {
  Recipe asked = in_two_phases(recipe("model"));
  asked.data.on_bad = OnBad::skip;
  RemovesTheData removes(folder_ / "data");
  try {
    (void)train(asked, removes);
    ADD_FAILURE() << "trained on nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    EXPECT_NE(error.text().found.find("could be read when the run began, and no longer can"), std::string::npos)
        << error.what();
  }
}

TEST_F(FakeMedium, IsTrainedByGradientOnBatchesOfVaryingLength) {
  const TrainReport report = train(in_two_phases(recipe("model")));
  ASSERT_EQ(report.phases.size(), 2U);
  for (const PhaseReport& phase : report.phases)  // so few examples choose in three folds
    EXPECT_NE(phase.summary.back().find(", the mean of 3 folds"), std::string::npos) << phase.summary.back();
  EXPECT_GT(report.test["accuracy"].value, 0.9);
  const Graph before = read_bundle(folder_ / "backbone").graph, after = read_bundle(report.model).graph;
  EXPECT_TRUE(identical(before.parameters.at("embed.dense.weight"), after.parameters.at("embed.dense.weight")));
  EXPECT_FALSE(identical(before.parameters.at("block.dense.weight"), after.parameters.at("block.dense.weight")));
  EXPECT_TRUE(verify(report.model, 1).ok());
}

TEST_F(FakeMedium, AnExactHeadBeforeOtherPhasesHasItsPointOfTheCurve) {
  Recipe recipe = in_two_phases(this->recipe("model"));
  recipe.head.hidden = {};
  recipe.head.dropout = 0;
  recipe.phases[0] = Phase();
  recipe.phases[0].optimizer.kind = kExact.name;
  recipe.data.validation_split = 0;  // nothing chooses, and the curve is that of the test part
  const TrainReport report = train(recipe);
  std::map<std::string, std::vector<double>> curves;
  for (const auto& [name, values] : report.phases.at(0).curves) curves[name] = values;
  EXPECT_EQ(curves["val_loss"].size(), 1U);
  EXPECT_EQ(curves["val_accuracy"].size(), 1U);
}

TEST_F(FakeMedium, IsTrainedWholeReadAsItIsNeeded) {
  Recipe whole = in_two_phases(recipe("model"));
  whole.phases[1].train_from = "all";
  whole.run.cache.budget_gb = 1e-9;
  EXPECT_GT(train(whole).test["accuracy"].value, 0.9);
}

TEST_F(FakeMedium, GoesOnToTheSameWeightsAfterAStop) {
  const TrainReport whole = train(in_two_phases(recipe("whole")));
  StopsInTheSecondPhase stop;
  EXPECT_THROW((void)train(in_two_phases(recipe("resumed")), stop), Error);
  EXPECT_TRUE(stop.stopped);
  EXPECT_FALSE(fs::exists(folder_ / "resumed"));
  Recipe again = in_two_phases(recipe("resumed"));
  again.resume = true;
  const TrainReport resumed = train(again);
  EXPECT_EQ(resumed.phases[0].learned_values, whole.phases[0].learned_values);
  EXPECT_EQ(resumed.phases[0].learning_rate, whole.phases[0].learning_rate);
  EXPECT_EQ(resumed.phases[0].precision, whole.phases[0].precision);
  EXPECT_EQ(resumed.phases[0].frozen, whole.phases[0].frozen);
  const Graph wanted = read_bundle(whole.model).graph, found = read_bundle(resumed.model).graph;
  for (const auto& [name, tensor] : wanted.parameters)
    EXPECT_TRUE(identical(tensor, found.parameters.at(name))) << name;
}

/// Cancels as soon as there is a checkpoint: before the first step.
class StopsAtTheFirstCheckpoint : public Progress {
 public:
  explicit StopsAtTheFirstCheckpoint(fs::path folder) : folder_(std::move(folder)) {}
  bool cancelled() const override { return fs::exists(folder_); }

 private:
  fs::path folder_;
};

TEST_F(FakeMedium, StoppedWithACheckpointSaysThatItCanBeResumed) {
  StopsAtTheFirstCheckpoint stop(folder_ / "stopped.training");
  try {
    (void)train(in_two_phases(recipe("stopped")), stop);
    ADD_FAILURE() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
    EXPECT_NE(error.text().tip.find("resume = true"), std::string::npos) << error.what();
  }
}

/// Takes the report's place while the run is at work.
struct TakesThePlaceOfTheReport final : Progress {
  explicit TakesThePlaceOfTheReport(fs::path report) : place(std::move(report)) {}
  void result(std::string_view /*text*/) override { fs::create_directory(place); }
  fs::path place;
};

TEST_F(FakeMedium, KeepsTheModelWhereTheReportCannotBeWritten) {
  TakesThePlaceOfTheReport takes(folder_ / "model.report.html");
  expect_says(thrown_by([&] { (void)train(in_two_phases(recipe("model")), takes); }), ErrorKind::disk,
              "the model at " + (folder_ / "model").string() + " is complete");
  for (const VerifyCheck& check : verify(folder_ / "model", 1).checks) EXPECT_TRUE(check.ok) << check.name;
}

TEST_F(FakeMedium, LearnsAgainFromTheExamplesThatChose) {
  Recipe once = in_two_phases(recipe("once"));
  once.training.refit = Refit::never;
  const TrainReport chosen = train(once), again = train(in_two_phases(recipe("again")));
  EXPECT_TRUE(chosen.refit.empty());
  ASSERT_EQ(chosen.phases.size(), again.phases.size());
  for (std::size_t i = 0; i < again.phases.size(); ++i)
    EXPECT_EQ(again.phases[i].kept_epoch, chosen.phases[i].kept_epoch);
  ASSERT_FALSE(again.refit.empty());
  EXPECT_TRUE(again.phases.at(again.refit.size() - 1).best);
  for (std::size_t i = 0; i < again.refit.size(); ++i) EXPECT_EQ(again.refit[i].epochs, again.phases[i].kept_epoch);
  // The validation figures are of the weights that these examples had not touched yet.
  EXPECT_EQ((*again.validation)["accuracy"].value, (*chosen.validation)["accuracy"].value);
  EXPECT_EQ(again.validation_examples, 16U);
  EXPECT_FALSE(identical(read_bundle(again.model).graph.parameters.at("head.weight"),
                         read_bundle(chosen.model).graph.parameters.at("head.weight")));
}

TEST_F(FakeMedium, NumbersAreHeldAgainstTheMeanOfAllThatWasLearnedFrom) {
  fs::create_directories(folder_ / "numbers");
  for (const char* part : {"train", "test"}) {
    std::ofstream table(folder_ / "numbers" / (std::string(part) + ".csv"));
    table << "text,height\n";
    for (int i = 0; i < 30; ++i)
      table << "1 " << 0.05 * i << ' ' << 0.1 * i << (part[1] == 'r' ? " 3," : " 4,") << i * i << ".5\n";
  }
  Recipe asked = in_two_phases(recipe("heights"));
  asked.data.path = (folder_ / "numbers").string();
  const TrainReport report = train(asked);
  ASSERT_FALSE(report.refit.empty());
  double mean = 0;
  for (int i = 0; i < 30; ++i) mean += (i * i + 0.5) / 30;
  EXPECT_NEAR(report.test.table("per_value").number(0, "baseline"), mean, 1e-3);
}

TEST_F(FakeMedium, AnExactHeadThatWinsIsTheOneThatIsSolvedAlone) {
  Recipe with_phases = in_two_phases(recipe("phases"));
  with_phases.head.hidden = {};
  with_phases.head.dropout = 0;
  with_phases.phases[0] = {.optimizer = {.kind = std::string(kExact.name)}};
  with_phases.phases[1].epochs = 1;
  with_phases.phases[1].learning_rate = 10;
  const TrainReport report = train(with_phases), alone = train(recipe("alone"));
  ASSERT_TRUE(report.phases[0].best);
  EXPECT_EQ(report.refit.size(), 1U);
  EXPECT_TRUE(identical(read_bundle(report.model).graph.parameters.at("head.weight"),
                        read_bundle(alone.model).graph.parameters.at("head.weight")));
}

/// Stops the run after the first epoch of its refit.
struct StopsInTheRefit final : Progress {
  void result(std::string_view text) override {
    refits = refits || text.starts_with("refit:");
    stopped = stopped || (refits && text.find(" 1/") != std::string_view::npos);
  }
  bool cancelled() const override { return stopped; }
  bool refits = false, stopped = false;
};

TEST_F(FakeMedium, GoesOnToTheSameWeightsAfterAStopInTheRefit) {
  const TrainReport whole = train(in_two_phases(recipe("whole")));
  StopsInTheRefit stop;
  EXPECT_THROW((void)train(in_two_phases(recipe("resumed")), stop), Error);
  EXPECT_TRUE(stop.stopped);
  Recipe again = in_two_phases(recipe("resumed"));
  again.resume = true;
  const TrainReport resumed = train(again);
  EXPECT_EQ(resumed.refit.size(), whole.refit.size());
  const Graph wanted = read_bundle(whole.model).graph, found = read_bundle(resumed.model).graph;
  for (const auto& [name, tensor] : wanted.parameters)
    EXPECT_TRUE(identical(tensor, found.parameters.at(name))) << name;
}

/// Every second test example gets the label of the other class.
void exchange_test_labels(const fs::path& test) {
  for (int i = 0; i < 10; i += 2) {
    const std::string name = std::to_string(i) + ".txt";
    fs::rename(test / "calm" / name, test / "aside.txt");
    fs::rename(test / "wild" / name, test / "calm" / name);
    fs::rename(test / "aside.txt", test / "wild" / name);
  }
}

TEST_F(FakeMedium, TheTestPartChoosesNothing) {
  testing::write_numbers(folder_ / "parts" / "train", kPerClass);
  testing::write_numbers(folder_ / "parts" / "test", 10);
  const auto trained = [&](bool phases, const std::string& output) {
    Recipe recipe = phases ? in_two_phases(this->recipe(output)) : this->recipe(output);
    recipe.data.path = (folder_ / "parts").string();
    return train(recipe);
  };
  const TrainReport solved = trained(false, "solved"), phased = trained(true, "phased");
  exchange_test_labels(folder_ / "parts" / "test");
  const TrainReport solved_again = trained(false, "solved2"), phased_again = trained(true, "phased2");
  EXPECT_NE(solved.test["accuracy"].value, solved_again.test["accuracy"].value);
  for (const auto& [one, other] : {std::pair(&solved, &solved_again), {&phased, &phased_again}}) {
    const Graph before = read_bundle(one->model).graph, after = read_bundle(other->model).graph;
    for (const auto& [name, tensor] : before.parameters)
      EXPECT_TRUE(identical(tensor, after.parameters.at(name))) << name;
  }
}

#endif

}  // namespace
}  // namespace enxerto
