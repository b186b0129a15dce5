#include "enxerto/transfer/check_phase.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "enxerto/base/error.h"
#include "enxerto/training/check_examples.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const std::vector<std::string> kStages{"stem", "layer1", "layer2", "head"};

void expect_refused(const std::function<void(Phase&)>& change, const std::string& part) {
  Phase phase;
  change(phase);
  expect_says(thrown_by([&] { check(phase, kStages, "phase 2"); }), ErrorKind::usage, part);
}

TEST(CheckPhase, AcceptsTheDefaults) { EXPECT_NO_THROW(check(Phase{}, kStages, "phase 1")); }

TEST(CheckPhase, ListsTheStagesForAnUnknownOneNearestFirst) {
  expect_refused([](Phase& p) { p.train_from = "layer_2"; }, "did you mean 'layer2'?");
  expect_refused([](Phase& p) { p.train_from = "layer_2"; }, "layer2, stem, layer1, head, all");
}

TEST(CheckPhase, RefusesARateThatIsNoRate) {
  expect_refused([](Phase& p) { p.learning_rate = std::nan(""); }, "phase 2: learning_rate");
  expect_refused([](Phase& p) { p.learning_rate = -1e-3; }, "phase 2: learning_rate");
  expect_refused([](Phase& p) { p.learning_rate = INFINITY; }, "phase 2: learning_rate");
}

TEST(CheckPhase, RefusesAPhaseThatTrainsNothing) {
  expect_refused([](Phase& p) { p.learning_rate = 0; }, "trains nothing");
  expect_refused([](Phase& p) { p.epochs = 0; }, "phase 2: epochs");
}

TEST(CheckPhase, RefusesPartsOfABatchWhoseExamplesTheLossCompares) {
  Phase phase;
  phase.accumulation_steps = 4;
  EXPECT_NO_THROW(check_parts(phase, "categorical_cross_entropy", "phase 2"));
  const Error error = thrown_by([&] { check_parts(phase, "triplet", "phase 2"); });
  expect_says(error, ErrorKind::usage, "phase 2: accumulation_steps");
  expect_says(error, ErrorKind::usage, "compares the examples of a batch");
  phase.accumulation_steps = 1;
  EXPECT_NO_THROW(check_parts(phase, "triplet", "phase 2"));
}

TEST(CheckPhase, RefusesBatchesOfTokensWhereTheLossComparesTheirExamples) {
  Phase phase;
  phase.batch_tokens = 1000;
  EXPECT_NO_THROW(check_parts(phase, "arcface", "phase 2"));
  const Error error = thrown_by([&] { check_parts(phase, "triplet", "phase 2"); });
  expect_says(error, ErrorKind::usage, "phase 2: batch_tokens");
  expect_says(error, ErrorKind::usage, "batch_size in its place");
}

TEST(CheckPhase, ChoosesByTheFigureWhereTheLossKnowsNoCentres) {
  Phase phase;
  EXPECT_FALSE(settle_monitor(phase, "triplet", "eer"));
  EXPECT_TRUE(settle_monitor(phase, "arcface", "eer"));
  EXPECT_EQ(phase.early_stopping.monitor, "val_eer");
  phase.early_stopping.monitor = "loss";
  EXPECT_FALSE(settle_monitor(phase, "arcface", "eer"));
}

TEST(CheckPhase, RefusesAMeanOfOneEpochOrOfMoreThanThereAre) {
  expect_refused([](Phase& p) { p.average_epochs = 1; }, "phase 2: average_epochs: 1; expected 2 to 10");
  expect_refused([](Phase& p) { p.average_epochs = 11; }, "phase 2: average_epochs: 11; expected 2 to 10");
  expect_refused([](Phase& p) { p.average_epochs = 2, p.epochs = 1; }, "a phase of several epochs");
  Phase phase;
  phase.average_epochs = 10;
  EXPECT_NO_THROW(check(phase, kStages, "phase 1"));
}

TEST(CheckPhase, CountsBatchesInTokensWithoutALimitOfExamples) {
  Phase phase;
  phase.batch_tokens = 1000;
  phase.accumulation_steps = 64;
  EXPECT_NO_THROW(check(phase, kStages, "phase 1"));
  settle_batch_size(phase, 5, "phase 1");
  EXPECT_EQ(phase.batch_size, 0);
  phase.batch_size = 8;
  expect_says(thrown_by([&] { settle_batch_size(phase, 5, "phase 1"); }), ErrorKind::usage, "batch_size");
}

TEST(CheckPhase, LetsTheFinderChooseTheRate) {
  Phase phase;
  phase.learning_rate = 0;
  phase.lr_find = true;
  EXPECT_NO_THROW(check(phase, kStages, "phase 1"));
}

TEST(CheckPhase, NamesTheNearestWord) {
  expect_refused([](Phase& p) { p.optimizer.kind = "adamm"; }, "did you mean 'adam'?");
  expect_refused([](Phase& p) { p.schedule.kind = "linaer"; }, "did you mean 'linear'?");
}

TEST(CheckPhase, RefusesNumbersOutOfRange) {
  expect_refused([](Phase& p) { p.batch_size = -1; }, "batch_size");
  expect_refused([](Phase& p) { p.optimizer.momentum = 1; }, "momentum");
  expect_refused([](Phase& p) { p.weight_decay = -1; }, "weight_decay");
  expect_refused([](Phase& p) { p.clip_norm = -1; }, "clip_norm");
  expect_refused([](Phase& p) { p.layer_decay = 0; }, "layer_decay");
  expect_refused([](Phase& p) { p.accumulation_steps = 33; }, "accumulation_steps");
  expect_refused([](Phase& p) { p.ema_decay = 1; }, "ema_decay");
  expect_refused([](Phase& p) { p.early_stopping.patience = -1; }, "patience");
}

TEST(CheckPhase, RefusesWhatDoesNotGoTogether) {
  expect_refused([](Phase& p) { p.optimizer.nesterov = true; }, "nesterov");
  expect_refused([](Phase& p) { p.optimizer.momentum = 0.9; }, "which has none");
  expect_refused(
      [](Phase& p) {
        p.optimizer.kind = "lbfgs";
        p.train_from = "layer2";
      },
      "only a linear head");
}

TEST(CheckPhase, RefusesARecipeWithoutPhases) {
  expect_says(thrown_by([] { check(std::vector<Phase>{}, kStages); }), ErrorKind::usage, "no phase");
}

TEST(CheckPhase, SaysWhichPhaseIsWrong) {
  std::vector<Phase> phases(2);
  phases[1].learning_rate = -1;
  expect_says(thrown_by([&] { check(phases, kStages); }), ErrorKind::usage, "phase 2: learning_rate");
}

TEST(CheckPhase, KnowsWhichStagesLearn) {
  Phase phase;
  phase.train_from = "layer2";
  EXPECT_EQ(trained_stages(phase, kStages, ""), (std::vector<std::string>{"layer2", "head"}));
  phase.train_from = "all";
  EXPECT_EQ(trained_stages(phase, kStages, ""), kStages);
}

TEST(CheckPhase, GivesTheOptimizersOptions) {
  Phase phase;
  phase.optimizer.kind = "sgd";
  phase.optimizer.momentum = 0.9;
  phase.optimizer.epsilon = 1e-7;
  const OptimizerOptions options = optimizer_of(phase);
  EXPECT_EQ(options.kind, "sgd");
  EXPECT_EQ(options.momentum, 0.9);
  EXPECT_EQ(options.epsilon, 1e-7);
  phase.optimizer.kind = "lbfgs";
  EXPECT_THROW((void)optimizer_of(phase), Error);
}

TEST(CheckExamples, RefusesABatchLargerThanTheData) {
  expect_says(thrown_by([] { check_batch_size(64, 10, "phase 1"); }), ErrorKind::usage, "64 is more than the 10");
  EXPECT_NO_THROW(check_batch_size(10, 10, "phase 1"));
}

TEST(CheckExamples, RefusesNoData) {
  expect_says(thrown_by([] { check_batch_size(1, 0, "phase 1"); }), ErrorKind::data, "no examples to train on");
}

TEST(CheckExamples, RefusesValidationOfOneClass) {
  const std::vector<std::string> classes{"cat", "dog"};
  expect_says(thrown_by([&] { check_validation_labels(std::vector<std::int64_t>{1, 1, 1}, classes, "val"); }),
              ErrorKind::data, "of the class 'dog'");
  EXPECT_NO_THROW(check_validation_labels(std::vector<std::int64_t>{1, 0}, classes, "val"));
  EXPECT_NO_THROW(check_validation_labels({}, classes, "val"));
}

}  // namespace
}  // namespace enxerto
