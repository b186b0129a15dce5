#include "enxerto/metrics/box_mistakes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "enxerto/metrics/coco_evaluation.h"

namespace enxerto {
namespace {

TrueBox truth(double left, std::size_t label, bool crowd = false) {
  return {.extent = {left, 0, 10, 10}, .label = label, .area = 100, .crowd = crowd};
}

FoundBox found(double left, std::size_t label, double score) {
  return {.extent = {left, 0, 10, 10}, .label = label, .score = score};
}

TEST(BoxMistakes, TellsApartWhatIsMissedDoubledConfusedBesideAndWhereNothingIs) {
  BoxMistakes mistakes(2);
  mistakes.add({.truths = {truth(0, 0), truth(100, 0), truth(200, 1), truth(300, 1)},
                .found = {found(0, 0, 0.9), found(1, 0, 0.8), found(107, 0, 0.7), found(201, 0, 0.6),
                          found(500, 1, 0.6), found(300, 1, 0.4)}});
  EXPECT_EQ(mistakes.right, 1U);
  EXPECT_EQ(mistakes.doubles, 1U);
  EXPECT_EQ(mistakes.beside, 1U) << "overlaps by 3 of 17";
  EXPECT_EQ(mistakes.of_other_class, 1U);
  EXPECT_EQ(mistakes.nothing_there, 1U);
  EXPECT_EQ(mistakes.missed, 2U) << "one was found with a probability below 0.5";
  const Confusion confusion = mistakes.confusion({"cat", "dog"});
  EXPECT_EQ(confusion.names, (std::vector<std::string>{"cat", "dog", "background"}));
  EXPECT_EQ(confusion.counts, (std::vector<std::vector<std::size_t>>{{1, 0, 1}, {1, 0, 1}, {2, 1, 0}}));
}

TEST(BoxMistakes, GivesASurerBoxItsObjectFirstAndCountsNoCrowd) {
  BoxMistakes mistakes(1);
  mistakes.add(
      {.truths = {truth(0, 0), truth(50, 0, true)}, .found = {found(1, 0, 0.6), found(0, 0, 0.9), found(51, 0, 0.9)}});
  EXPECT_EQ(mistakes.right, 1U);
  EXPECT_EQ(mistakes.doubles, 1U);
  EXPECT_EQ(mistakes.nothing_there + mistakes.missed + mistakes.beside, 0U);
}

TEST(BoxMistakes, SayInWordsWhatGoesWrongMost) {
  BoxMistakes mistakes(1);
  EXPECT_EQ(mistakes.table(NAN).note, "There is no box to be found.");
  mistakes.add({.truths = {truth(0, 0), truth(100, 0)}, .found = {found(0, 0, 0.3)}});
  EXPECT_EQ(
      mistakes.table(0.3).note,
      "Everything is taken for background: nothing is found with a probability of 0.5 or more. F1 is highest at a "
      "probability of 0.30.");
  mistakes.add({.truths = {truth(0, 0)}, .found = {found(0, 0, 0.9)}});
  EXPECT_EQ(
      mistakes.table(0.5).note,
      "Of 3 boxes 1 is found (33.3 %); of 1 box that is found with a probability of 0.5 or more 1 is right. Most of "
      "what goes wrong: boxes are missed.");
}

TEST(CocoEvaluation, KnowsTheScoreOfTheHighestF1) {
  CocoEvaluation evaluation(1);
  evaluation.add(
      {.truths = {truth(0, 0), truth(100, 0)}, .found = {found(0, 0, 0.9), found(100, 0, 0.4), found(500, 0, 0.2)}});
  const CocoEvaluation::BestScore best = evaluation.best_score();
  EXPECT_EQ(best.score, 0.4);
  EXPECT_EQ(best.f1, 1);
  EXPECT_TRUE(std::isnan(CocoEvaluation(1).best_score().f1));
}

TEST(CocoEvaluation, GivesThePrecisionsWhoseMeanIsTheAveragePrecision) {
  CocoEvaluation evaluation(2);
  evaluation.add({.truths = {truth(0, 0), truth(100, 0), truth(200, 1)},
                  .found = {found(500, 0, 0.95), found(0, 0, 0.9), found(100, 0, 0.4), found(200, 1, 0.2)}});
  const std::vector<double> precisions = evaluation.mean_precisions(0);
  ASSERT_EQ(precisions.size(), CocoEvaluation::kRecalls);
  double sum = 0;
  for (const double precision : precisions) sum += precision;
  EXPECT_NEAR(sum / static_cast<double>(precisions.size()), evaluation.figures()[1], 1e-12);
}

}  // namespace
}  // namespace enxerto
