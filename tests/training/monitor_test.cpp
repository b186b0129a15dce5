#include "enxerto/training/monitor.h"

#include <gtest/gtest.h>

#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/log_loss.h"
#include "tests/files/thrown.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

std::vector<std::unique_ptr<Metric>> metrics() {
  std::vector<std::unique_ptr<Metric>> list;
  list.push_back(std::make_unique<Accuracy>());
  list.push_back(std::make_unique<LogLoss>());
  return list;
}

TEST(Monitor, HasTheDirectionOfItsFigure) {
  const MetricsReport measured = MetricSet(metrics()).report();
  EXPECT_FALSE(higher_is_better("val_loss", measured, "phase 1"));
  EXPECT_FALSE(higher_is_better("loss", measured, "phase 1"));
  EXPECT_TRUE(higher_is_better("val_accuracy", measured, "phase 1"));
  EXPECT_FALSE(higher_is_better("val_log_loss", measured, "phase 1"));
}

TEST(Monitor, IsRefusedWithTheListOfWhatIsMeasured) {
  const MetricsReport measured = MetricSet(metrics()).report();
  expect_says(thrown_by([&] { (void)higher_is_better("val_los", measured, "phase 2"); }), ErrorKind::usage,
              "phase 2: monitor: 'val_los' is not measured; did you mean 'val_loss'?");
  expect_says(thrown_by([&] { (void)higher_is_better("accuracy", measured, "phase 2"); }), ErrorKind::usage,
              "one of val_loss, loss, val_accuracy, val_log_loss");
}

TEST(Monitor, IsRefusedWhereAPhaseCannotMeasureIt) {
  MetricsReport measured;
  measured.values = {{.name = "f1", .in_phases = false}, {.name = "token_f1"}};
  expect_says(thrown_by([&] { (void)higher_is_better("val_f1", measured, "phase 1"); }), ErrorKind::usage,
              "one of val_loss, loss, val_token_f1");
  EXPECT_TRUE(higher_is_better("val_token_f1", measured, "phase 1"));
}

TEST(EpochMetrics, AreTheChosenFigureAndTheMonitoredOne) {
  const auto names = [](std::string_view monitor) {
    std::vector<std::string> found;
    for (const MetricValue& figure : epoch_metrics(metrics(), "accuracy", monitor, "phase 1").report().values)
      found.push_back(figure.name);
    return found;
  };
  EXPECT_EQ(names("val_loss"), std::vector<std::string>{"accuracy"});
  EXPECT_EQ(names("val_accuracy"), std::vector<std::string>{"accuracy"});
  EXPECT_EQ(names("val_log_loss"), (std::vector<std::string>{"accuracy", "log_loss"}));
}

}  // namespace
}  // namespace enxerto
