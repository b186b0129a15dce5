#include "enxerto/metrics/voc_evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "tests/metrics/boxed_golden.h"

namespace enxerto {
namespace {

TEST(VocEvaluation, EqualsTheDevelopmentKit) {
  const testing::CocoGolden boxes;
  VocEvaluation evaluation(boxes.classes);
  for (const BoxedExample& picture : boxes.pictures) evaluation.add(picture);
  testing::NumberFile golden(ENXERTO_TEST_DATA "/metrics/voc_boxes.txt");
  for (std::size_t label = 0; label < boxes.classes; ++label) {
    const VocEvaluation::Figures figures = evaluation.of(label);
    golden.expect(figures.area);
    golden.expect(figures.eleven);
  }
}

TEST(VocEvaluation, TakesEachObjectOnceAndCountsNothingThatIsDifficult) {
  VocEvaluation evaluation(1);
  evaluation.add({.truths = {{.extent = {0, 0, 10, 10}}, {.extent = {50, 0, 10, 10}, .crowd = true}},
                  .found = {{.extent = {0, 0, 10, 10}, .score = 0.9},
                            {.extent = {0, 0, 10, 9}, .score = 0.8},
                            {.extent = {50, 0, 10, 10}, .score = 0.7}}});
  evaluation.add({.truths = {{.extent = {0, 0, 10, 10}}}, .found = {{.extent = {0, 0, 10, 5}, .score = 0.6}}});
  EXPECT_DOUBLE_EQ(evaluation.of(0).area, 0.5) << "right, double, not counted, an overlap of no more than a half";
  EXPECT_DOUBLE_EQ(evaluation.of(0).eleven, 6.0 / 11);
}

TEST(VocEvaluation, LeavesClassesWithoutBoxesOutOfTheMean) {
  VocEvaluation evaluation(2);
  EXPECT_TRUE(std::isnan(evaluation.mean().area));
  evaluation.add({.truths = {{.extent = {0, 0, 10, 10}}}, .found = {{.extent = {0, 0, 10, 10}, .score = 1}}});
  EXPECT_TRUE(std::isnan(evaluation.of(1).area));
  EXPECT_DOUBLE_EQ(evaluation.mean().area, 1);
  EXPECT_DOUBLE_EQ(evaluation.mean().eleven, 1);
  EXPECT_THROW(evaluation.add({.truths = {}, .found = {{.extent = {0, 0, 1, 1}, .label = 2, .score = 1}}}), Error);
}

}  // namespace
}  // namespace enxerto
