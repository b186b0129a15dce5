#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/report/charts.h"

namespace enxerto {
namespace {

std::vector<Scatter> a_curve() {
  return {{.name = "pairs", .points = {{0, 0}, {0, 0.5}, {0.001, 0.5}, {0.001, 0.9}, {0.2, 0.9}, {1, 1}}},
          {.name = "equal errors", .points = {{0.1, 0.9}}},
          {.name = "threshold 0.4321", .points = {{0.01, 0.9}}}};
}

TEST(RocChart, MarksEqualErrorsAndTheThreshold) {
  const std::string svg = roc_chart(a_curve());
  EXPECT_NE(svg.find("<polyline class=curve"), std::string::npos);
  EXPECT_NE(svg.find("equal errors: 10.0 % false accepts, 90.0 % true accepts"), std::string::npos) << svg;
  EXPECT_NE(svg.find("threshold 0.4321: 1.0 % false accepts, 90.0 % true accepts"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">0.1 %</text>"), std::string::npos) << "the least rate of the curve";
}

TEST(RocChart, HasNoThresholdWhereThereIsNone) {
  std::vector<Scatter> curve = a_curve();
  curve.pop_back();
  EXPECT_EQ(roc_chart(curve).find("class=chosen"), std::string::npos);
}

TEST(RocChart, IsEmptyWithoutACurve) {
  EXPECT_EQ(roc_chart({}), "");
  EXPECT_EQ(roc_chart(std::vector<Scatter>{{.name = "nothing", .points = {{0, 0}}}}), "");
}

}  // namespace
}  // namespace enxerto
