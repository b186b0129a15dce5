#include <gtest/gtest.h>

#include <string>

#include "enxerto/report/charts.h"

namespace enxerto {
namespace {

RocCurve a_curve() {
  return {.name = "all pairs",
          .least_rate = 0.001,
          .points = {{0, 0}, {0, 0.5}, {0.01, 0.5}, {0.01, 0.9}, {0.2, 0.9}, {1, 1}},
          .equal_error_rate = 0.1,
          .chosen = {{0.01, 0.9}},
          .threshold = 0.4321};
}

TEST(RocChart, MarksEqualErrorsAndTheThreshold) {
  const std::string svg = roc_chart(a_curve());
  EXPECT_NE(svg.find("<polyline class=curve"), std::string::npos);
  EXPECT_NE(svg.find("class=equal"), std::string::npos);
  EXPECT_NE(svg.find("equal error rate 10.0 %"), std::string::npos) << svg;
  EXPECT_NE(svg.find("threshold 0.4321: 1.0 % false accepts, 90.0 % true accepts"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">0.1 %</text>"), std::string::npos) << "a pair is a tenth of a percent";
}

TEST(RocChart, HasNoThresholdWhereThereIsNone) {
  RocCurve curve = a_curve();
  curve.chosen.reset();
  EXPECT_EQ(roc_chart(curve).find("class=chosen"), std::string::npos);
}

TEST(RocChart, IsEmptyWithoutACurve) {
  EXPECT_EQ(roc_chart({}), "");
  EXPECT_EQ(roc_chart({.name = "nothing", .least_rate = 0.1, .points = {{0, 0}}}), "");
}

}  // namespace
}  // namespace enxerto
