#include "enxerto/metrics/metrics_report.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/log_loss.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::numbered;
using testing::probabilities;
using testing::set_of;
using testing::target;

template <typename Ask>
std::string refusal(Ask ask) {
  try {
    ask();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(MetricsReport, NamesTheNearestFigureTableAndColumn) {
  const MetricsReport report = set_of(Accuracy(), ClassScores(numbered(2))).report();
  EXPECT_EQ(&report["accuracy"], report.find("accuracy"));
  EXPECT_EQ(report.find("acuracy"), nullptr);
  EXPECT_NE(refusal([&] { (void)report["acuracy"]; }).find("did you mean 'accuracy'?"), std::string::npos);
  EXPECT_NE(refusal([&] { (void)report.table("per_clas"); }).find("'per_class'?"), std::string::npos);
  const MetricTable& table = report.table("per_class");
  EXPECT_NE(refusal([&] { (void)table.number(0, "f2"); }).find("'f1'?"), std::string::npos);
  EXPECT_NE(refusal([&] { (void)table.number(7, "f1"); }).find("no row 7"), std::string::npos);
  EXPECT_NE(refusal([&] { (void)table.number(0, "label"); }).find("a text"), std::string::npos);
}

TEST(MetricSet, ComputesNoMoreThanWhatIsKept) {
  MetricSet metrics = set_of(Accuracy(), LogLoss(), ClassScores(numbered(2)));
  metrics.keep(std::array<std::string, 2>{"accuracy", "macro.f1"});
  // The log loss would refuse this: no probability is above 1.
  metrics.update(probabilities(Tensor::of<float>({1, 2}, {2, 1})), target(Tensor::of<std::int64_t>({1}, {0})));
  const MetricsReport report = metrics.report();
  ASSERT_EQ(report.values.size(), 2U);
  EXPECT_EQ(report.values[1].name, "macro.f1");
  EXPECT_EQ(report["accuracy"].value, 1.0);
  EXPECT_EQ(report.examples, 1U);
  EXPECT_TRUE(report.tables.empty());
  EXPECT_NE(refusal([&] { metrics.keep(std::array<std::string, 1>{"acuracy"}); }).find("'accuracy'?"),
            std::string::npos);
}

}  // namespace
}  // namespace enxerto
