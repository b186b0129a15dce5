#include "enxerto/training/training_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "enxerto/metrics/accuracy.h"
#include "enxerto/training/evaluate_source.h"
#include "tests/files/thrown.h"
#include "tests/metrics/batch.h"
#include "tests/training/tiny_data.h"
#include "tests/training/tiny_trainer.h"
#include "tests/training/watcher.h"

namespace enxerto {
namespace {

using testing::StepWatcher;
using testing::TinyData;
using testing::TinyTrainer;

const std::vector<double>& curve(const PhaseHistory& history, const std::string& name) {
  const auto found = std::ranges::find(history.series, name, &Series::name);
  if (found == history.series.end()) throw std::runtime_error("no series " + name);
  return found->values;
}

/// The share of wrong answers: the lower the better.
class ErrorRate final : public Metric {
 public:
  void update(const TensorMap& outputs, const TensorMap& targets) override { accuracy_.update(outputs, targets); }
  void report(MetricsReport& report) const override {
    MetricsReport right;
    accuracy_.report(right);
    report.values.push_back({.name = "error_rate", .value = 1 - right["accuracy"].value, .higher_is_better = false});
  }
  void reset() override { accuracy_.reset(); }

 private:
  Accuracy accuracy_;
};

class TrainPhase : public ::testing::Test {
 protected:
  PhaseOutcome train(const LoopOptions& options) {
    const auto training = data.source(), validation = held_out.source();
    return train_phase(trainer, {.training = *training, .validation = validation.get(), .metrics = &metrics}, options,
                       watcher);
  }

  TinyData data{41}, held_out{20, 2};
  TinyTrainer trainer;
  MetricSet metrics = testing::set_of(Accuracy(), ErrorRate());
  StepWatcher watcher;
};

TEST_F(TrainPhase, LearnsAndDrawsItsCurves) {
  const PhaseOutcome outcome = train({.name = "head", .epochs = 20, .batch_size = 8, .learning_rate = 0.1});
  EXPECT_EQ(outcome.history.name, "head");
  EXPECT_LT(curve(outcome.history, "loss").back(), 0.75 * curve(outcome.history, "loss").front());
  EXPECT_GT(curve(outcome.history, "val_accuracy").back(), 0.6);
  EXPECT_EQ(curve(outcome.history, "val_loss").size(), static_cast<std::size_t>(outcome.epochs));
  EXPECT_EQ(curve(outcome.history, "learning_rate").back(), 0.1);
  EXPECT_EQ(curve(outcome.history, "seconds").size(), static_cast<std::size_t>(outcome.epochs));
}

TEST_F(TrainPhase, DropsNoExample) {
  (void)train({.epochs = 1, .batch_size = 8});
  EXPECT_EQ(trainer.sizes, (std::vector<std::int64_t>{8, 8, 8, 8, 8, 1}));
}

TEST_F(TrainPhase, JoinsASingleExampleWhereNormsAreTrained) {
  (void)train({.epochs = 1, .batch_size = 8, .trains_norms = true});
  EXPECT_EQ(trainer.sizes, (std::vector<std::int64_t>{8, 8, 8, 8, 9}));
}

TEST_F(TrainPhase, FollowsItsSchedule) {
  (void)train({.epochs = 2, .batch_size = 41, .learning_rate = 0.5, .schedule = {.kind = "exponential"}});
  EXPECT_EQ(trainer.rates.size(), 2U);
  EXPECT_NEAR(trainer.rates[1], 0.05, 1e-12);
}

TEST_F(TrainPhase, FindsPlateausInTheTrainingLossWhereValidationDecidesNothing) {
  held_out.flip_labels();  // rises while the training loss falls
  LoopOptions options{.epochs = 4,
                      .batch_size = 41,
                      .learning_rate = 0.1,
                      .schedule = {.kind = "reduce_on_plateau", .plateau_patience = 0},
                      .early_stopping = {.patience = 0}};
  (void)train(options);
  EXPECT_LT(trainer.rates.back(), 0.1);
  TinyTrainer other;
  options.validation_decides = false;
  const auto training = data.source(), validation = held_out.source();
  (void)train_phase(other, {.training = *training, .validation = validation.get(), .metrics = &metrics}, options,
                    watcher);
  EXPECT_EQ(other.rates.back(), 0.1);
}

TEST_F(TrainPhase, ComputesABatchInPiecesToTheSameEnd) {
  TinyTrainer whole;
  const auto training = data.source();
  (void)train_phase(whole, {.training = *training}, {.epochs = 2, .batch_size = 10});
  (void)train({.epochs = 2, .batch_size = 10, .accumulation_steps = 3});
  EXPECT_EQ(trainer.sizes, whole.sizes);
  const Tensor kept = whole.parameters(false).at("head.weight"), split = trainer.parameters(false).at("head.weight");
  const auto one = kept.as<float>(), other = split.as<float>();
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one[i], other[i], 1e-6);
}

TEST_F(TrainPhase, KeepsTheBestEpochsWeights) {
  held_out.flip_labels();
  const PhaseOutcome outcome =
      train({.epochs = 6, .batch_size = 8, .learning_rate = 0.1, .early_stopping = {.patience = 0}});
  EXPECT_EQ(outcome.kept_epoch, 1);
  EXPECT_EQ(outcome.epochs, 6);
  const auto validation = held_out.source();
  EXPECT_NEAR(evaluate_source(trainer, *validation, {}, {}, {}), outcome.score->value, 1e-6);
  EXPECT_EQ(outcome.score->value, curve(outcome.history, "val_loss").front());
}

TEST_F(TrainPhase, KeepsTheLastEpochsWeightsWhereAsked) {
  held_out.flip_labels();
  const PhaseOutcome outcome =
      train({.epochs = 3, .batch_size = 8, .early_stopping = {.patience = 0, .restore_best = false}});
  EXPECT_EQ(outcome.kept_epoch, 3);
  EXPECT_TRUE(identical(outcome.weights.at("head.weight"), trainer.parameters(false).at("head.weight")));
}

TEST_F(TrainPhase, StopsEarly) {
  held_out.flip_labels();
  const PhaseOutcome outcome = train({.epochs = 50, .batch_size = 8, .early_stopping = {.patience = 2}});
  EXPECT_TRUE(outcome.stopped_early);
  EXPECT_EQ(outcome.epochs, 3);
}

TEST_F(TrainPhase, TakesTheDirectionOfWhatItMonitorsFromTheFigure) {
  held_out.flip_labels();
  const LoopOptions options{.epochs = 20, .batch_size = 8, .learning_rate = 0.003, .early_stopping = {.patience = 3}};
  LoopOptions by_error = options, by_accuracy = options;
  by_error.early_stopping.monitor = "val_error_rate";
  by_accuracy.early_stopping.monitor = "val_accuracy";
  const PhaseOutcome error = train(by_error);
  trainer = TinyTrainer();
  const PhaseOutcome accuracy = train(by_accuracy);
  EXPECT_TRUE(error.stopped_early);
  EXPECT_EQ(error.kept_epoch, accuracy.kept_epoch);
  EXPECT_FALSE(error.score->higher_is_better);
  EXPECT_TRUE(accuracy.score->higher_is_better);
  const auto& errors = curve(error.history, "val_error_rate");
  EXPECT_EQ(error.score->value, *std::ranges::min_element(errors));
  EXPECT_LT(error.score->value, errors.back());
}

TEST_F(TrainPhase, KeepsTheLastWeightsWithoutValidation) {
  const auto training = data.source();
  const PhaseOutcome outcome = train_phase(trainer, {.training = *training}, {.epochs = 3, .batch_size = 8});
  EXPECT_EQ(outcome.kept_epoch, 3);
  EXPECT_FALSE(outcome.score);
  EXPECT_EQ(trainer.evaluations, 0U);
}

TEST_F(TrainPhase, EvaluatesAndKeepsTheAverageWhereAsked) {
  trainer = TinyTrainer({.ema_decay = 0.5});
  const PhaseOutcome outcome =
      train({.epochs = 2, .batch_size = 8, .early_stopping = {.restore_best = false}, .averaged = true});
  EXPECT_TRUE(identical(outcome.weights.at("head.weight"), trainer.parameters(true).at("head.weight")));
  EXPECT_FALSE(identical(outcome.weights.at("head.weight"), trainer.parameters(false).at("head.weight")));
}

/// Steps that are too large go to and fro: the mean is between.
LoopOptions to_and_fro(double rate = 12) {
  return {.epochs = 8, .batch_size = 4, .learning_rate = rate, .early_stopping = {.patience = 0}, .average_epochs = 6};
}

TEST_F(TrainPhase, KeepsTheMeanOfTheBestEpochsWhereItIsBetterThanTheBestOne) {
  PhaseOutcome outcome;
  for (double rate = 0.25; rate < 50 && !outcome.mean; rate *= 1.5) {
    trainer = TinyTrainer();
    outcome = train(to_and_fro(rate));
  }
  ASSERT_TRUE(outcome.mean) << "at no rate";
  EXPECT_EQ(outcome.mean->epochs.size(), 6U);
  EXPECT_EQ(outcome.kept_epoch, outcome.mean->epochs.back());
  const auto& losses = curve(outcome.history, "val_loss");
  EXPECT_EQ(losses.size(), 8U) << "the mean is no epoch";
  EXPECT_LT(outcome.score->value, *std::ranges::min_element(losses));
  EXPECT_EQ(outcome.mean->figures.front(), std::pair(std::string("val_loss"), outcome.score->value));
  const auto validation = held_out.source();
  EXPECT_NEAR(evaluate_source(trainer, *validation, {}, {}, {}), outcome.score->value, 1e-6) << "the trainer has it";
  EXPECT_TRUE(identical(outcome.weights.at("head.weight"), trainer.parameters(false).at("head.weight")));
}

TEST_F(TrainPhase, KeepsTheBestEpochWhereTheMeanIsNoBetter) {
  held_out.flip_labels();
  const PhaseOutcome outcome = train(
      {.epochs = 6, .batch_size = 8, .learning_rate = 0.1, .early_stopping = {.patience = 0}, .average_epochs = 3});
  EXPECT_FALSE(outcome.mean);
  EXPECT_EQ(outcome.kept_epoch, 1);
  EXPECT_EQ(outcome.score->value, curve(outcome.history, "val_loss").front());
  EXPECT_TRUE(identical(outcome.weights.at("head.weight"), trainer.parameters(false).at("head.weight")));
  EXPECT_TRUE(std::ranges::any_of(watcher.results, [](const std::string& line) {
    return line.find("no better than epoch 1") != std::string::npos;
  }));
}

TEST_F(TrainPhase, KeepsTheMeanOfTheLastEpochsWithoutValidation) {
  const auto training = data.source();
  const PhaseOutcome outcome =
      train_phase(trainer, {.training = *training}, {.epochs = 5, .batch_size = 8, .average_epochs = 3});
  ASSERT_TRUE(outcome.mean);
  EXPECT_EQ(outcome.mean->epochs, (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_FALSE(outcome.score);
}

TEST_F(TrainPhase, AveragesTheEpochsOfTheRunThatItRepeats) {
  LoopOptions options = to_and_fro();
  options.average_of = std::vector<std::int64_t>{2, 4};
  options.stop_after = 4;
  const auto training = data.source();
  const PhaseOutcome outcome = train_phase(trainer, {.training = *training}, options);
  ASSERT_TRUE(outcome.mean);
  EXPECT_EQ(outcome.mean->epochs, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(outcome.epochs, 4);
}

TEST_F(TrainPhase, MakesStatisticsOfAMeanAnewWhereTheyMove) {
  LoopOptions options = to_and_fro();
  options.renews_statistics = true;
  (void)train(options);
  EXPECT_EQ(trainer.absorbed, 10U) << "batches of 4 of 41, without the last single one";
}

TEST_F(TrainPhase, MeasuresASampleOfTheTrainingData) {
  const PhaseOutcome outcome = train({.epochs = 20, .batch_size = 8, .learning_rate = 0.1, .training_sample = 30});
  EXPECT_GT(curve(outcome.history, "accuracy").back(), 0.8);
}

TEST_F(TrainPhase, JudgesAfterTheFirstTheLastAndEachFewEpochsWhereAsked) {
  LoopOptions options{.epochs = 8, .batch_size = 41, .early_stopping = {.patience = 0, .restore_best = false}};
  options.validation_decides = false;
  options.judged_every = 3;
  const PhaseOutcome outcome = train(options);
  std::vector<std::size_t> judged;
  const std::vector<double>& losses = curve(outcome.history, "val_loss");
  for (std::size_t i = 0; i < losses.size(); ++i)
    if (!std::isnan(losses[i])) judged.push_back(i + 1);
  EXPECT_EQ(judged, (std::vector<std::size_t>{1, 3, 6, 8}));
  EXPECT_EQ(curve(outcome.history, "val_accuracy").size(), 8U);
}

TEST_F(TrainPhase, TellsALineAnEpochAndAPartAnEpoch) {
  (void)train({.epochs = 2, .batch_size = 41});
  EXPECT_EQ(watcher.parts, (std::vector<std::string>{"epoch 1 of 2", "epoch 2 of 2"}));
  ASSERT_EQ(watcher.results.size(), 3U);
  EXPECT_EQ(watcher.results[0].find("  epoch     loss"), 0U) << watcher.results[0];
  EXPECT_EQ(watcher.results[1].find("    1/2   0."), 0U) << watcher.results[1];
}

TEST_F(TrainPhase, SkipsAStepThatIsNotFiniteAndNamesItsFile) {
  data.set(17, std::nanf(""));
  const PhaseOutcome outcome = train({.epochs = 1, .batch_size = 8});
  EXPECT_EQ(outcome.skipped_steps, 1);
  EXPECT_NE(watcher.notices[0].find("picture17.jpg"), std::string::npos) << watcher.notices[0];
  EXPECT_EQ(watcher.notices[0].find("picture16.jpg"), std::string::npos);
  EXPECT_TRUE(std::isfinite(curve(outcome.history, "loss")[0]));
}

TEST_F(TrainPhase, StopsWithTheBestWeightsOnceItHasDiverged) {
  const LoopOptions options{.name = "layer4", .epochs = 3, .batch_size = 8};
  for (std::size_t i = 0; i < 41; i += 2) data.set(i, INFINITY);
  try {
    (void)train(options);
    FAIL() << "it has not diverged";
  } catch (const DivergedError& error) {
    EXPECT_EQ(error.exit_code(), 7);
    EXPECT_NE(std::string(error.what()).find("picture"), std::string::npos);
    for (const float value : error.outcome().weights.at("head.weight").as<float>()) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST_F(TrainPhase, KeepsTheBestEpochOfAPhaseThatDivergesLater) {
  watcher.on_advance = [&](std::size_t steps) {
    if (steps == 12)
      for (std::size_t i = 0; i < 41; ++i) data.set(i, std::nanf(""));
  };
  try {
    (void)train({.epochs = 9, .batch_size = 8});
    FAIL() << "it has not diverged";
  } catch (const DivergedError& error) {
    EXPECT_EQ(error.outcome().epochs, 2);
    EXPECT_GT(error.outcome().kept_epoch, 0);
    EXPECT_TRUE(error.outcome().score);
  }
}

TEST_F(TrainPhase, HasDivergedWhereNoStepOfAnEpochIsFinite) {
  for (std::size_t i = 0; i < 41; ++i) data.set(i, std::nanf(""));
  const Error error = thrown_by([&] { (void)train({.name = "phase 2 (layer4)", .epochs = 9, .batch_size = 41}); });
  expect_says(error, ErrorKind::diverged, "phase 2 (layer4): diverged in epoch 1 at learning rate 0.001");
}

TEST_F(TrainPhase, HasDivergedWhereAnswersAreNotFiniteAfterAnEpoch) {
  for (std::size_t i = 0; i < 20; ++i) held_out.set(i, 3e38F);  // what was learned is finite, but not times this
  const Error error = thrown_by([&] { (void)train({.epochs = 1, .batch_size = 8, .learning_rate = 1e6}); });
  expect_says(error, ErrorKind::diverged, "epoch 1 at learning rate 1e+06");
}

TEST_F(TrainPhase, RefusesABatchLargerThanTheData) {
  expect_says(thrown_by([&] { (void)train({.batch_size = 42}); }), ErrorKind::usage, "42 is more than the 41");
}

TEST_F(TrainPhase, RefusesAMonitorThatNobodyMeasures) {
  const auto training = data.source(), validation = held_out.source();
  expect_says(thrown_by([&] {
                (void)train_phase(trainer, {.training = *training, .validation = validation.get()},
                                  {.batch_size = 8, .early_stopping = {.monitor = "val_accuracy"}});
              }),
              ErrorKind::usage, "not measured");
  expect_says(thrown_by([&] { (void)train({.batch_size = 8, .early_stopping = {.monitor = "val_eror_rate"}}); }),
              ErrorKind::usage, "did you mean 'val_error_rate'?; expected one of val_loss, loss, val_accuracy");
}

TEST_F(TrainPhase, DrawsOtherOrdersInALaterPhase) {
  TinyTrainer second;
  const auto training = data.source();
  (void)train_phase(trainer, {.training = *training}, {.epochs = 1, .batch_size = 8});
  (void)train_phase(second, {.training = *training}, {.epochs = 1, .batch_size = 8, .first_epoch = 1});
  EXPECT_FALSE(identical(trainer.parameters(false).at("head.weight"), second.parameters(false).at("head.weight")));
}

TEST(RenewStatistics, SeesAllTrainingDataButASingleLastExample) {
  const TinyData data(41);
  TinyTrainer trainer;
  const auto source = data.source();
  renew_statistics(trainer, *source, 8);
  EXPECT_EQ(trainer.absorbed, 5U);
}

TEST(EvaluateSource, IsTheMeanOverTheExamplesWhateverTheBatch) {
  const TinyData data(23);
  TinyTrainer trainer;
  const auto source = data.source();
  (void)train_phase(trainer, {.training = *source}, {.epochs = 1, .batch_size = 8});
  EXPECT_NEAR(evaluate_source(trainer, *source, {}, {}, {.batch_size = 23}),
              evaluate_source(trainer, *source, {}, {}, {.batch_size = 4}), 1e-6);
}

}  // namespace
}  // namespace enxerto
