#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/report/charts.h"
#include "enxerto/report/html.h"

namespace enxerto {
namespace {

TEST(EpochChart, DrawsBothCurvesAndMarksTheKeptEpoch) {
  const std::string svg =
      epoch_chart({.title = "Loss <a>", .training = {2, 1, 0.5}, .validation = {2.1, 1.5, 1.6}, .chosen = 2});
  EXPECT_NE(svg.find("curve training"), std::string::npos);
  EXPECT_NE(svg.find("epoch 3, validation: 1.6"), std::string::npos);
  EXPECT_NE(svg.find("class=kept"), std::string::npos);
  EXPECT_EQ(svg.find("<a>"), std::string::npos) << "text from outside is escaped";
}

TEST(EpochChart, NamesThePartThatTheSecondCurveIsOf) {
  const std::string svg = epoch_chart({.title = "Loss", .training = {2, 1}, .validation = {2.1, 1.5}, .part = "test"});
  EXPECT_NE(svg.find("epoch 2, test: 1.5"), std::string::npos);
  EXPECT_EQ(svg.find(", validation"), std::string::npos);
}

TEST(EpochChart, IsEmptyForOneEpochAndForNoNumbers) {
  EXPECT_EQ(epoch_chart({.title = "Loss", .training = {2}, .validation = {}}), "");
  EXPECT_EQ(epoch_chart({.title = "Loss", .training = {NAN, NAN}, .validation = {}}), "");
}

TEST(HtmlReport, TellsEachPhaseAndWhichOneWasKept) {
  RunReport report;
  report.title = "t";
  PhaseRow phase;
  phase.name = "phase 1 (head)";
  phase.facts = {{"Trainable parameters", "20 of 40"}};
  phase.history.append("loss", 2);
  phase.history.append("loss", 1);
  phase.summary = {"Overfitting from epoch 4 on"};
  phase.best = true;
  report.phases = {phase};
  const std::string html = to_html(report);
  for (const char* text : {"phase 1 (head) · kept", "20 of 40", "Overfitting from epoch 4 on", "curve training"})
    EXPECT_NE(html.find(text), std::string::npos) << text;
}

}  // namespace
}  // namespace enxerto
