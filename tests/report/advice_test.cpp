#include "enxerto/report/advice.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

MetricsReport accuracy_of(double accuracy, double balanced, bool imbalanced) {
  MetricsReport report;
  report.values = {{.name = "accuracy", .value = accuracy},
                   {.name = "balanced_accuracy", .value = balanced, .shown = imbalanced}};
  return report;
}

std::string key_of(const MetricsReport& test, const AdviceFacts& facts) {
  const auto found = advice(test, facts);
  return found ? found->key : "none";
}

const AdviceFacts kAll{.training_examples = 500,
                       .classes = 10,
                       .size = 96,
                       .pretrained_size = 224,
                       .head_only = true,
                       .stronger = "resnet34"};

TEST(Advice, IsNoneWhereNothingIsKnownOrLeftToGain) {
  EXPECT_FALSE(advice({}, kAll));
  EXPECT_FALSE(advice(accuracy_of(0.8, 0.8, false), {}));
  EXPECT_FALSE(advice(accuracy_of(0.995, 0.995, false), kAll));
}

TEST(Advice, WeighsClassesWhereRareOnesAreMissed) {
  const auto found = advice(accuracy_of(0.939, 0.52, true), kAll);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, "head.class_weights");
  EXPECT_EQ(found->value, "balanced");
  EXPECT_NE(found->text.find("93.9 %"), std::string::npos);
  AdviceFacts weighted = kAll;
  weighted.weighted = true;
  EXPECT_EQ(key_of(accuracy_of(0.939, 0.52, true), weighted), "input.size");
  EXPECT_EQ(key_of(accuracy_of(0.939, 0.92, true), kAll), "input.size");
  EXPECT_EQ(key_of(accuracy_of(0.995, 0.52, true), kAll), "head.class_weights");
}

TEST(Advice, FollowsFromNoClassOfWhichHardlyAnyWasTested) {
  MetricsReport test = accuracy_of(0.9, 0.6, true);
  test.confusion = Confusion{.names = {"a", "b", "c"}, .counts = {{30, 0, 0}, {1, 0, 0}, {0, 0, 0}}};
  EXPECT_EQ(key_of(test, kAll), "input.size");
  test.confusion->counts[1] = {5, 0, 0};
  EXPECT_EQ(key_of(test, kAll), "head.class_weights");
}

TEST(Advice, NamesFineTuningWhereThereIsEnoughToTuneWith) {
  AdviceFacts facts = kAll;
  facts.size = 224;
  facts.training_examples = 499;
  EXPECT_EQ(key_of(accuracy_of(0.8, 0.8, false), facts), "backbone.name");
}

TEST(Advice, OnALearningRateIsWhatTheUserCanDoWhereAPresetChoseIt) {
  AdviceFacts facts = kAll;
  const MetricsReport test = accuracy_of(0.8, 0.8, false);
  facts.diverged = DivergedPhase{.name = "phase 2 (blocks6)", .rate = 0.01, .of_preset = true, .is_last = true};
  EXPECT_EQ(advice(test, facts)->text,
            "a smaller learning rate than 0.01, which the preset chose: phase 2 (blocks6) diverged");
  EXPECT_EQ(key_of(test, facts), "training.learning_rate");
  EXPECT_EQ(advice(test, facts)->value, "0.001");
  facts.diverged->is_last = false;
  EXPECT_EQ(key_of(test, facts), "");
  EXPECT_NE(advice(test, facts)->text.find("a recipe of your own with [[phase]]"), std::string::npos);
}

TEST(Advice, GoesFromWhatIsCheapToWhatIsDear) {
  AdviceFacts facts = kAll;
  const MetricsReport test = accuracy_of(0.8, 0.8, false);
  EXPECT_EQ(key_of(test, facts), "input.size");
  facts.size = 224;
  EXPECT_EQ(key_of(test, facts), "training.preset");
  facts.head_only = false;
  EXPECT_EQ(advice(test, facts)->value, "resnet34");
  facts.training_examples = 100;
  EXPECT_NE(advice(test, facts)->text.find("only 100 to learn 10 classes from"), std::string::npos);
  facts.improving = true;
  EXPECT_NE(advice(test, facts)->text.find("more epochs"), std::string::npos);
  facts.diverged = DivergedPhase{.name = "phase 1 (head)", .rate = 50};
  EXPECT_EQ(advice(test, facts)->text, "a smaller learning rate than 50: phase 1 (head) diverged");
}

}  // namespace
}  // namespace enxerto
