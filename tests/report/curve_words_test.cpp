#include "enxerto/report/curve_words.h"

#include <gtest/gtest.h>

#include <cmath>

namespace enxerto {
namespace {

std::vector<std::string> words(std::vector<double> loss, std::vector<double> validation = {}) {
  PhaseHistory history;
  history.series.push_back({"loss", std::move(loss)});
  if (!validation.empty()) history.series.push_back({"val_loss", std::move(validation)});
  return curve_words(history);
}

void expect_first(const std::vector<std::string>& said, const std::string& begin) {
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said.front().find(begin), 0U) << said.front();
}

TEST(CurveWords, SeeOverfittingAndItsEpoch) {
  expect_first(words({1.0, 0.7, 0.5, 0.3, 0.2, 0.1}, {1.0, 0.8, 0.7, 0.75, 0.9, 1.1}), "Overfitting from epoch 4 on");
}

TEST(CurveWords, NameThePartThatTheCurveIsOf) {
  PhaseHistory history;
  history.series = {{"loss", {1.0, 0.7, 0.5, 0.3, 0.2, 0.1}}, {"val_loss", {1.0, 0.8, 0.7, 0.75, 0.9, 1.1}}};
  expect_first(curve_words(history, {.part = "test"}), "Overfitting from epoch 4 on: the test loss rose");
}

TEST(CurveWords, SeeUnderfitting) {
  expect_first(words({2.30, 2.29, 2.28, 2.28}, {2.31, 2.30, 2.30, 2.29}), "Underfitting");
}

TEST(CurveWords, SeeDivergence) {
  expect_first(words({1.0, 0.9, 5.0, 40.0, 60.0}), "Divergence: the training loss rose");
  expect_first(words({8.7e7, 2.0e8, 1.7e8}), "Divergence: the training loss rose from 8.7e+07 in epoch 1 to 1.7e+08");
  expect_first(words({1.0, NAN}), "Divergence: the training loss is not a finite number in epoch 2");
  expect_first(words({1.0, 0.5, 0.4}, {1.0, 0.6, INFINITY}), "Divergence: the validation loss");
}

TEST(CurveWords, SeeDivergenceInALossThatEndsFarAboveWhatItWasBeforeTheFirstStep) {
  PhaseHistory history;
  history.start = 1.1;
  history.series = {{"loss", {113000.0, 91000.0}}, {"val_loss", {213000.0, 59000.0}}};
  expect_first(curve_words(history), "Divergence: the training loss was 1.1 before the first step and 9.1e+04");
  EXPECT_TRUE(is_diverging(history));
  history.start = 0.001;  // it has learned already
  history.series = {{"loss", {0.3, 0.2}}};
  EXPECT_FALSE(is_diverging(history));
}

TEST(CurveWords, SeeNoDivergenceInALossThatIsAboveItsStartForAnEpochOrTwo) {
  for (const std::vector<double>& leaping :
       {std::vector<double>{0.53, 0.25, 0.45, 0.54, 0.67}, {1, 0.4, 1.1, 0.5, 0.4}})
    for (const std::string& said : words(leaping)) EXPECT_FALSE(said.starts_with("Divergence")) << said;
}

TEST(CurveWords, BlameNobodyForARateThatAPresetChose) {
  PhaseHistory history;
  history.series = {{"loss", {1.0, 0.9, 5.0, 40.0, 60.0}}};
  EXPECT_NE(curve_words(history).front().find("a smaller learning rate would help"), std::string::npos);
  EXPECT_NE(curve_words(history, {.own_rate = false}).front().find("a smaller learning rate than the preset's, or"),
            std::string::npos);
}

TEST(CurveWords, TakeAnEpochThatWasNotJudgedForTheOneBefore) {
  EXPECT_TRUE(words({1.0, 0.5, 0.3, 0.25, 0.24}, {1.0, NAN, 0.4, 0.39, 0.392}).empty());
  expect_first(words({1.0, 0.8, 0.6, 0.5}, {1.1, NAN, NAN, 0.7}), "Still improving at the end");
}

TEST(CurveWords, SeeAPlateau) {
  expect_first(words({1.0, 0.5, 0.3, 0.3, 0.299, 0.3, 0.299, 0.3}, {1.0, 0.6, 0.4, 0.4, 0.4, 0.399, 0.4, 0.4}),
               "Plateau: since epoch 3 the validation loss");
}

TEST(CurveWords, SeeThatMoreEpochsWouldHelp) {
  expect_first(words({1.0, 0.8, 0.6, 0.5}, {1.1, 0.9, 0.7, 0.6}), "Still improving at the end");
  const std::vector<Series> series{{"loss", {1.0, 0.8, 0.6, 0.5}}, {"val_loss", {1.1, 0.9, 0.7, 0.6}}};
  std::vector<Series> annealed = series;
  annealed.push_back({"learning_rate", {1e-3, 8e-4, 3e-4, 1e-6}});
  EXPECT_TRUE(still_improving({.name = "head", .series = series}));
  EXPECT_FALSE(still_improving({.name = "head", .series = annealed}))
      << "whatever its length, such a schedule ends at its best";
  EXPECT_TRUE(curve_words({.name = "head", .series = annealed}).empty());
}

TEST(CurveWords, SayNothingOfAFewEpochsOrAHealthyRun) {
  EXPECT_TRUE(words({1.0, 0.9}).empty());
  EXPECT_TRUE(words({}).empty());
  EXPECT_TRUE(words({1.0, 0.5, 0.3, 0.25, 0.24}, {1.0, 0.6, 0.4, 0.39, 0.392}).empty());
}

}  // namespace
}  // namespace enxerto
