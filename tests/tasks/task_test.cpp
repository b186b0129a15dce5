#include "enxerto/tasks/task.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/task_metrics.h"
#include "tests/data/made_dataset.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::MadeDataset;
const std::vector<std::string> kLabels{"sea", "sky", "ice"};

TEST(Task, IsFoundByNameAndByWhatTheDataSays) {
  for (const Task& task : tasks()) {
    EXPECT_EQ(&task_named(task.name), &task);
    EXPECT_EQ(&task_for(task.targets), &task);
  }
  EXPECT_EQ(task_named("image_regression").targets, kRegressionTarget);
  try {
    task_named("image_poetry");
    FAIL() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("image_poetry"), std::string::npos);
  }
}

TEST(Task, HasAHeadAndALossThatFitTogether) {
  const Value features{"features", DType::f32, {"batch", 4}};
  for (const Task& task : tasks()) {
    HeadSpec spec;
    spec.output = task.head_output;
    LossSpec loss;
    loss.kind = task.loss;
    const Blueprint head = head_network(spec, features, 3);
    StateDict zeros;
    for (const ParameterSpec& one : head.parameters)
      zeros.set(one.name, Tensor::copied(one.dtype, one.shape,
                                         std::vector<std::byte>(element_count(one.shape) * size_of(one.dtype))));
    const Graph graph = with_loss(head.fill(zeros), loss);
    EXPECT_EQ(graph.outputs.front().name, kLossOutput) << task.name;
  }
}

TEST(ReadOutput, NamesTheMostProbableClasses) {
  const auto found = read_output(task_for(kClassTarget), std::vector<float>{0.2F, 0.7F, 0.1F}, kLabels, {.top_k = 2});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "sky");
  EXPECT_EQ(found[1].index, 0);
}

TEST(ReadOutput, NamesAllLabelsFromTheThresholdOn) {
  const Task& task = task_for(kMultiLabelTarget);
  const std::vector<float> output{0.5F, 0.1F, 0.9F};
  const auto found = read_output(task, output, kLabels);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "ice");
  EXPECT_EQ(found[1].label, "sea");
  EXPECT_NEAR(found[0].probability, 0.9, 1e-7);
  EXPECT_TRUE(read_output(task, output, kLabels, {.top_k = 1, .threshold = 0.95}).empty());
  EXPECT_TRUE(read_output(task, std::vector<float>(3, std::nanf("")), kLabels).empty());
}

TEST(ReadOutput, GivesEveryValueInTheOrderOfTheColumns) {
  const auto found = read_output(task_for(kRegressionTarget), std::vector<float>{2, -7.5F, 0}, kLabels);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1].label, "sky");
  EXPECT_EQ(found[1].value, -7.5);
  EXPECT_EQ(found[1].probability, 0.0);
}

TEST(ReadOutput, RefusesMoreOrFewerNumbersThanLabels) {
  for (const Task& task : tasks()) EXPECT_THROW(read_output(task, std::vector<float>{1, 2}, kLabels), Error);
}

TEST(TargetBatch, IsWhatMetricsAndLossesTake) {
  const std::vector<std::size_t> positions{2, 0};
  const Tensor classes = target_batch(MadeDataset({"a", "b"}, {1, 0, 0}), positions);
  EXPECT_TRUE(identical(classes, Tensor::of<std::int64_t>({2}, {0, 1})));
  const Tensor values = target_batch(MadeDataset(kRegressionTarget, {"a", "b"}, {{1, 2}, {3, 4}, {5, 6}}), positions);
  EXPECT_TRUE(identical(values, Tensor::of<float>({2, 2}, {5, 6, 1, 2})));
  EXPECT_THROW(target_batch(MadeDataset({"a", "b"}, {1, 0, -1}), positions), Error);
}

TEST(MetricsFor, AreThoseOfTheTask) {
  const std::vector<std::string> names{"a", "b"};
  MetricSet classes(metrics_for(task_for(kClassTarget), names));
  MetricSet labels(metrics_for(task_for(kMultiLabelTarget), names));
  MetricSet values(metrics_for(task_for(kRegressionTarget), names, {5, 5}));
  const Tensor answers = Tensor::of<float>({2, 2}, {0.9F, 0.1F, 0.3F, 0.7F});
  const TensorMap outputs = testing::probabilities(answers);
  classes.update(outputs, testing::target(Tensor::of<std::int64_t>({2}, {0, 0})));
  labels.update(outputs, testing::target(Tensor::of<float>({2, 2}, {1, 0, 0, 1})));
  values.update(outputs, testing::target(answers));
  const auto monitored = [](const MetricSet& metrics, std::string_view kind) {
    return metrics.report()[task_for(kind).monitor].value;
  };
  EXPECT_EQ(monitored(classes, kClassTarget), 0.5);
  EXPECT_EQ(monitored(labels, kMultiLabelTarget), 1.0);
  EXPECT_EQ(monitored(values, kRegressionTarget), 1.0);
  EXPECT_EQ(values.report().table("per_value").number(1, "baseline"), 5.0);
  values.reset();
  EXPECT_EQ(values.report().examples, 0U);
  EXPECT_THROW(labels.update(outputs, testing::target(Tensor::of<std::int64_t>({2}, {0, 0}))), Error);
}

TEST(MetricsFor, HaveRocAucForTwoClassesOnly) {
  const Task& task = task_for(kClassTarget);
  MetricSet two(metrics_for(task, {"a", "b"}));
  two.update(testing::probabilities(Tensor::of<float>({2, 2}, {0.7F, 0.3F, 0.4F, 0.6F})),
             testing::target(Tensor::of<std::int64_t>({2}, {0, 1})));
  EXPECT_EQ(two.report()["roc_auc"].value, 1.0);
  EXPECT_EQ(MetricSet(metrics_for(task, {"a", "b", "c"})).report().find("roc_auc"), nullptr);
}

}  // namespace
}  // namespace enxerto
