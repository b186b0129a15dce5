#include "enxerto/metrics/history.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(PhaseHistory, AppendsToTheSeriesOfThatName) {
  PhaseHistory phase{"head", 0, {}};
  phase.append("loss", 2.0);
  phase.append("accuracy", 0.5);
  phase.append("loss", 1.0);
  ASSERT_EQ(phase.series.size(), 2U);
  EXPECT_EQ(phase.series[0].name, "loss");
  EXPECT_EQ(phase.series[0].values, (std::vector<double>{2.0, 1.0}));
}

}  // namespace
}  // namespace enxerto
