#include "enxerto/heads/standardisation.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(Standardisation, LeavesOutWhatHardlyVaries) {
  // One feature as any, one that is constant, and two that a norm with a scale of nearly 0 leaves.
  const std::vector<float> values{1, 3, 1e-33F, 1e-9F, -1, 3, -1e-33F, -1e-9F, 2, 3, 2e-33F, 2e-9F, -2, 3, -2e-33F, 0};
  Rows rows{.width = 4, .row = {}};
  for (std::size_t i = 0; i < 4; ++i) rows.row.push_back(values.data() + 4 * i);
  const Standardisation found = measure_standardisation(rows, 1);
  EXPECT_GT(found.inverse_deviation[0], 0.5);
  for (std::size_t feature = 1; feature < 4; ++feature) EXPECT_EQ(found.inverse_deviation[feature], 0) << feature;
}

TEST(Standardisation, DoesNotBlowUpWhatIsNearlyAlwaysOff) {
  std::vector<float> values;
  for (int row = 0; row < 40; ++row)
    for (int feature = 0; feature < 5; ++feature)
      values.push_back(feature == 4 ? (row == 7 ? 1e-4F : 0) : static_cast<float>((row * (feature + 3)) % 11));
  Rows rows{.width = 5, .row = {}};
  for (std::size_t i = 0; i < 40; ++i) rows.row.push_back(values.data() + 5 * i);
  const Standardisation found = measure_standardisation(rows, 1);
  EXPECT_NEAR(found.inverse_deviation[4], 20 * found.inverse_deviation[1], 2 * found.inverse_deviation[1]);
}

}  // namespace
}  // namespace enxerto
