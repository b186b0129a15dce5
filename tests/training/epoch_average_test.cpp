#include "enxerto/training/epoch_average.h"

#include <gtest/gtest.h>

#include <limits>

namespace enxerto {
namespace {

KeptEpoch epoch_of(std::int64_t epoch, double value, float weight) {
  return {.epoch = epoch,
          .value = value,
          .val_loss = 1,
          .weights = {{"weight", Tensor::of<float>({2}, {weight, -weight})},
                      {"count", Tensor::scalar<std::int64_t>(epoch)}}};
}

void offer(EpochAverage& average, const KeptEpoch& epoch) {
  if (average.wants(epoch.epoch, epoch.value, epoch.val_loss)) average.keep(epoch);
}

TEST(EpochAverage, IsTheMeanOfTheBestEpochs) {
  EpochAverage average({.epochs = 2, .higher_is_better = true});
  for (const KeptEpoch& epoch : {epoch_of(1, 0.4, 1), epoch_of(2, 0.9, 2), epoch_of(3, 0.5, 8), epoch_of(4, 0.1, 100)})
    offer(average, epoch);
  EXPECT_EQ(average.epochs(), (std::vector<std::int64_t>{2, 3}));
  const StateDict mean = average.mean();
  EXPECT_EQ(mean.at("weight").as<float>()[0], 5);
  EXPECT_EQ(mean.at("weight").as<float>()[1], -5);
  EXPECT_EQ(mean.at("count").as<std::int64_t>()[0], 3) << "of what counts that of the last epoch";
}

TEST(EpochAverage, TakesTheLaterOfEqualEpochsAndNoneWithoutANumber) {
  EpochAverage average({.epochs = 2});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const KeptEpoch& epoch : {epoch_of(1, 0.5, 1), epoch_of(2, nan, 2), epoch_of(3, 0.5, 3), epoch_of(4, 0.5, 4)})
    offer(average, epoch);
  EXPECT_EQ(average.epochs(), (std::vector<std::int64_t>{3, 4}));
}

TEST(EpochAverage, IsThatOfTheLastEpochsWhereNothingChooses) {
  EpochAverage average({.epochs = 3, .by_value = false});
  for (std::int64_t epoch = 1; epoch <= 5; ++epoch)
    offer(average, epoch_of(epoch, 1.0 / static_cast<double>(epoch), 1));
  EXPECT_EQ(average.epochs(), (std::vector<std::int64_t>{3, 4, 5}));
}

TEST(EpochAverage, IsThatOfChosenEpochsOfARunThatIsRepeated) {
  EpochAverage average({.epochs = 2, .chosen = std::vector<std::int64_t>{1, 3, 4}}),
      none({.epochs = 2, .chosen = std::vector<std::int64_t>{}});
  for (std::int64_t epoch = 1; epoch <= 5; ++epoch) {
    offer(average, epoch_of(epoch, 0, 1));
    offer(none, epoch_of(epoch, 0, 1));
  }
  EXPECT_EQ(average.epochs(), (std::vector<std::int64_t>{1, 3, 4}));
  EXPECT_FALSE(none.has_mean());
}

TEST(EpochAverage, IsNoneOfASingleEpoch) {
  EpochAverage average({.epochs = 5}), off({.epochs = 0});
  offer(average, epoch_of(1, 0.5, 1));
  offer(off, epoch_of(1, 0.5, 1));
  EXPECT_FALSE(average.has_mean());
  EXPECT_TRUE(off.kept().empty());
}

}  // namespace
}  // namespace enxerto
