#include "enxerto/transfer/example_mixer.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/transfer/given_targets.h"

namespace enxerto {
namespace {

const TargetSource kTargets = testing::one_hot({0, 1, 0, 1}, 2);
const std::vector<std::size_t> kExamples{0, 1, 2, 3};

TEST(ExampleMixer, DrawsByExampleAndEpochOnly) {
  const ExampleMixer mixer({.mixup = 1, .seed = 7, .row_shape = {1}, .examples = 4}, kTargets);
  std::vector<float> rows{0, 0, 0, 0}, others{1, 1, 1, 1}, alone{0}, one{1};
  const std::vector<double> shares = mixer.mix(kExamples, 3, rows, others);
  const std::vector<std::size_t> third{2};
  EXPECT_EQ(mixer.mix(third, 3, alone, one)[0], shares[2]);
  EXPECT_EQ(alone[0], rows[2]);
  EXPECT_FLOAT_EQ(rows[2], static_cast<float>(1 - shares[2]));
  EXPECT_NE(mixer.mix(third, 4, alone, one)[0], shares[2]);
  EXPECT_EQ(mixer.partners(kExamples, 3)[2], mixer.partners(third, 3)[0]);
}

TEST(ExampleMixer, CutsABoxOfTheSizeOfTheTargetsShare) {
  const ExampleMixer mixer({.cutmix = 1, .seed = 1, .row_shape = {1, 8, 8}, .examples = 4}, kTargets);
  std::vector<float> rows(4 * 64, 0.0F);
  const std::vector<float> others(4 * 64, 1.0F);
  const std::vector<double> shares = mixer.mix(kExamples, 0, rows, others);
  for (std::size_t i = 0; i < 4; ++i) {
    double sum = 0;
    for (std::size_t at = 0; at < 64; ++at) sum += rows[i * 64 + at];
    EXPECT_NEAR(1 - sum / 64, shares[i], 1e-6);
  }
}

TEST(ExampleMixer, RefusesWhatCannotBeMixed) {
  EXPECT_THROW(ExampleMixer({.mixup = 0.2, .row_shape = {3}, .examples = 2}, testing::class_numbers_of({0, 1})), Error);
  EXPECT_THROW(ExampleMixer({.cutmix = 0.2, .row_shape = {3}, .examples = 2}, testing::one_hot({0, 1}, 2)), Error);
  EXPECT_THROW(ExampleMixer({.mixup = -1, .row_shape = {3}, .examples = 2}, testing::one_hot({0, 1}, 2)), Error);
}

}  // namespace
}  // namespace enxerto
