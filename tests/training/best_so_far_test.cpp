#include "enxerto/training/best_so_far.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/training/stopping_rule.h"

namespace enxerto {
namespace {

StateDict weights(float value) {
  StateDict dict;
  dict.set("w", Tensor::scalar(value));
  return dict;
}

TEST(BestSoFar, KeepsThePhaseThatWon) {
  BestSoFar best;
  EXPECT_TRUE(best.offer(0, Score{.value = 0.2}, weights(1)));
  EXPECT_FALSE(best.offer(1, Score{.value = 0.3}, weights(2)));
  EXPECT_EQ(best.phase(), 0);
  EXPECT_EQ(best.weights().at("w").as<float>()[0], 1);
}

TEST(BestSoFar, TakesALaterPhaseThatIsBetter) {
  BestSoFar best;
  best.offer(0, Score{.monitor = "val_accuracy", .value = 0.2, .higher_is_better = true}, weights(1));
  EXPECT_TRUE(best.offer(1, Score{.monitor = "val_accuracy", .value = 0.3, .higher_is_better = true}, weights(2)));
  EXPECT_EQ(best.phase(), 1);
}

TEST(BestSoFar, ComparesPhasesThatMonitorDifferentFiguresByTheValidationLoss) {
  BestSoFar best;
  best.offer(0, Score{.monitor = "val_loss", .value = 0.06, .val_loss = 0.06}, weights(1));
  const Score finish{.monitor = "val_accuracy", .value = 0.9, .higher_is_better = true, .val_loss = 0.16};
  EXPECT_FALSE(best.offer(1, finish, weights(2)));
  const auto both = on_one_figure(best.score(), finish);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->first.value, 0.06);
  EXPECT_EQ(both->second.value, 0.16);
}

TEST(BestSoFar, TellsEqualPhasesApartByTheValidationLoss) {
  const auto accuracy = [](double loss) {
    return Score{.monitor = "val_accuracy", .value = 0.95, .higher_is_better = true, .val_loss = loss};
  };
  BestSoFar best;
  best.offer(0, accuracy(0.20), weights(1));
  EXPECT_FALSE(best.offer(1, accuracy(0.20), weights(2)));
  EXPECT_FALSE(best.offer(2, accuracy(0.25), weights(3)));
  EXPECT_TRUE(best.offer(3, accuracy(0.15), weights(4)));
  EXPECT_FALSE(best.offer(4, accuracy(std::nan("")), weights(5)));
}

TEST(BestSoFar, IsNeverAScoreThatIsNoNumber) {
  BestSoFar best;
  best.offer(0, Score{.value = 0.2}, weights(1));
  EXPECT_FALSE(best.offer(1, Score{.value = std::nan("")}, weights(2)));
}

TEST(BestSoFar, IsTheLastPhaseWhereNothingIsMeasured) {
  BestSoFar best;
  EXPECT_TRUE(best.empty());
  best.offer(0, std::nullopt, weights(1));
  best.offer(1, std::nullopt, weights(2));
  EXPECT_EQ(best.phase(), 1);
}

TEST(StoppingRule, StopsAfterItsPatience) {
  StoppingRule rule({.patience = 2}, false);
  EXPECT_TRUE(rule.epoch_ended(1, 1.0));
  EXPECT_FALSE(rule.epoch_ended(2, 1.1));
  EXPECT_FALSE(rule.should_stop());
  EXPECT_FALSE(rule.epoch_ended(3, 1.2));
  EXPECT_TRUE(rule.should_stop());
  EXPECT_EQ(rule.state().best_epoch, 1);
}

TEST(StoppingRule, TakesASmallImprovementAsBestButNotAsProgress) {
  StoppingRule rule({.min_delta = 0.1, .patience = 1}, false);
  rule.epoch_ended(1, 1.0);
  EXPECT_TRUE(rule.epoch_ended(2, 0.95));
  EXPECT_TRUE(rule.should_stop());
}

TEST(StoppingRule, WantsAccuraciesToGrow) {
  StoppingRule rule({.monitor = "val_accuracy"}, true);
  rule.epoch_ended(1, 0.5);
  EXPECT_TRUE(rule.epoch_ended(2, 0.6));
}

TEST(StoppingRule, TakesTheLowerLossOfEqualValues) {
  StoppingRule rule({.monitor = "val_accuracy"}, true);
  EXPECT_TRUE(rule.epoch_ended(1, 0.5, 0.9));
  EXPECT_TRUE(rule.epoch_ended(2, 0.5, 0.8));
  EXPECT_FALSE(rule.epoch_ended(3, 0.5, 0.85));
  EXPECT_FALSE(rule.epoch_ended(4, 0.5));
  EXPECT_EQ(rule.state().best_epoch, 2);
  EXPECT_EQ(rule.state().bad_epochs, 3);
}

TEST(StoppingRule, NeverStopsWithoutPatience) {
  StoppingRule rule({.patience = 0}, false);
  for (int epoch = 1; epoch < 100; ++epoch) rule.epoch_ended(epoch, epoch);
  EXPECT_FALSE(rule.should_stop());
}

}  // namespace
}  // namespace enxerto
