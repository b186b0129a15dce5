#include "enxerto/workflow/score_words.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(ScoreWords, SayAShareAsTheSummaryOfTheRunDoes) {
  MetricsReport measured;
  measured.values.push_back({.name = "accuracy", .value = 0, .share = true});
  const Score accuracy{.monitor = "val_accuracy", .value = 2.0 / 3, .higher_is_better = true};
  EXPECT_EQ(score_words(accuracy, measured), "val_accuracy 66.7 %");
  EXPECT_EQ(score_words(accuracy, measured, 2), "val_accuracy 66.7 %, the mean of 2 folds");
  const Score both{.monitor = "val_accuracy", .value = 2.0 / 3, .higher_is_better = true, .val_loss = 0.90881};
  EXPECT_EQ(score_words(both, measured, 3), "val_accuracy 66.7 % (val_loss 0.9088), the mean of 3 folds");
  EXPECT_EQ(score_words({.monitor = "val_loss", .value = 0.60018}, measured), "val_loss 0.6002");
}

}  // namespace
}  // namespace enxerto
