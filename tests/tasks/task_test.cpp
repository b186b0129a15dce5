#include "enxerto/tasks/task.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/gallery.h"
#include "tests/data/made_dataset.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::MadeDataset;

const std::vector<std::string> kNames{"sea", "sky", "ice"};
const std::vector<std::size_t> kAll{0, 1};
const TaskRequest kOpen{.head = {.output = "auto"}, .loss = {.kind = "auto"}};

/// Data of each kind of target.
MadeDataset data_of(std::string_view kind) {
  if (kind == kClassTarget) return {kNames, {0, 2}};
  return {kind, kNames, {{1, 0, 1}, {0, 1, 1}}};
}

TaskPtr task_of(std::string_view target, const TaskRequest& asked = kOpen) {
  return make_task("auto", {.dataset = data_of(target), .training = kAll}, asked);
}

TaskPtr binary(const TaskRequest& asked) {
  const MadeDataset two({"a", "b"}, {0, 1, 1, 1});
  return make_task("auto", {.dataset = two, .training = std::vector<std::size_t>{0, 1, 2, 3}}, asked);
}

TensorMap answers(std::vector<float> values) {
  return {
      {"probabilities", Tensor::of<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values))}};
}

ErrorKind kind_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::other;
}

TEST(Task, IsChosenByWhatTheDataSays) {
  EXPECT_EQ(task_of(kClassTarget)->kind().name, "classification");
  EXPECT_EQ(task_of(kMultiLabelTarget)->kind().name, "multi_label");
  EXPECT_EQ(task_of(kRegressionTarget)->kind().name, "regression");
}

TEST(Task, IsRefusedForDataThatDoNotFitAndForAnUnknownName) {
  const MadeDataset classes = data_of(kClassTarget);
  EXPECT_EQ(kind_of([&] { (void)make_task("regression", {.dataset = classes, .training = kAll}, kOpen); }),
            ErrorKind::data);
  EXPECT_EQ(kind_of([&] { (void)make_task("clasification", {.dataset = classes, .training = kAll}, kOpen); }),
            ErrorKind::usage);
}

TEST(Task, ComesBackFromItsRecordAlsoUnderAFormerName) {
  Gallery known{.width = 2};
  for (const std::string& name : kNames) known.add(name, std::vector<float>{1, 0});
  Json vectors{{"width", 2}, {"false_accept_rate", 0.01}};
  put_gallery(known, vectors);
  for (const TaskKind& kind : task_kinds()) {
    const TaskPtr task =
        kind.from_record(kind.decides ? vectors : Json{{"names", kNames}, {"units", kNames}}, "record");
    EXPECT_EQ(task_from_record(task_record(*task), "record")->record(), task->record()) << kind.name;
    for (const std::string_view former : kind.former_names)
      EXPECT_EQ(task_from_record({{"kind", former}, {"names", kNames}}, "record")->kind().name, kind.name);
  }
  EXPECT_EQ(kind_of([] { (void)task_from_record({{"kind", "poetry"}, {"names", kNames}}, "m"); }), ErrorKind::weights);
  EXPECT_EQ(kind_of([] { (void)task_from_record({{"kind", "regression"}}, "m"); }), ErrorKind::weights);
}

TEST(Task, HasAHeadAndALossThatFitTogether) {
  const Value features{"features", DType::f32, {"batch", 4}};
  for (const std::string_view target : {kClassTarget, kMultiLabelTarget, kRegressionTarget}) {
    const TaskPtr task = task_of(target);
    const Blueprint head = head_network(task->head(), features, task->width());
    StateDict zeros;
    for (const ParameterSpec& one : head.parameters)
      zeros.set(one.name, Tensor::copied(one.dtype, one.shape,
                                         std::vector<std::byte>(element_count(one.shape) * size_of(one.dtype))));
    EXPECT_EQ(with_loss(head.fill(zeros), task->loss()).outputs.front().name, kLossOutput) << target;
  }
}

TEST(Task, RefusesALossAndAnOutputThatDoNotGoWithIt) {
  TaskRequest loss = kOpen, output = kOpen, balanced = kOpen;
  loss.loss.kind = "mean_squared_error";
  output.head.output = "linear";
  balanced.balanced = true;
  EXPECT_EQ(kind_of([&] { (void)task_of(kClassTarget, loss); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { (void)task_of(kMultiLabelTarget, output); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { (void)task_of(kRegressionTarget, balanced); }), ErrorKind::usage);
}

TEST(Classification, TakesClassNumbersUnlessTargetsAreMixed) {
  EXPECT_EQ(binary(kOpen)->loss().kind, "sparse_categorical_cross_entropy");
  TaskRequest mixed = kOpen;
  mixed.mixes = true;
  EXPECT_EQ(binary(mixed)->loss().kind, "categorical_cross_entropy");
  mixed.loss.kind = "sparse_categorical_cross_entropy";
  EXPECT_EQ(kind_of([&] { (void)binary(mixed); }), ErrorKind::usage);
}

TEST(Classification, HasOneUnitForTwoClassesAndRefusesItForThree) {
  TaskRequest asked = kOpen;
  asked.head.output = "sigmoid";
  const TaskPtr task = binary(asked);
  EXPECT_EQ(task->loss().kind, "binary_cross_entropy");
  EXPECT_EQ(task->targets(Tensor::scalar(std::int64_t{1}), {}).at("target").shape(), (Shape{1}));
  EXPECT_EQ(kind_of([&] { (void)task_of(kClassTarget, asked); }), ErrorKind::usage);
}

TEST(Classification, WeighsClassesInverselyToTheirFrequency) {
  TaskRequest asked = kOpen;
  asked.balanced = true;
  EXPECT_EQ(binary(asked)->loss().class_weights, (std::vector<double>{2.0, 4.0 / 6.0}));
}

TEST(Task, IsSolvedExactlyWhereItsHeadIsLinearAndItsLossIsTheSolversOwn) {
  const std::vector<std::pair<std::string_view, const ExactSolver*>> solvers{
      {kClassTarget, &softmax_regression_solver()},
      {kMultiLabelTarget, &logistic_regression_solver()},
      {kRegressionTarget, &ridge_regression_solver()}};
  for (const auto& [target, solver] : solvers) {
    const TaskPtr task = task_of(target);
    const auto choice = task->kind().exact_solver;
    EXPECT_EQ(choice({}, {.kind = "auto"}).solver, solver) << target;
    EXPECT_EQ(choice(task->head(), task->loss()).solver, solver) << target;
    EXPECT_EQ(choice({.hidden = {8}}, {.kind = "auto"}).obstacle, "head.hidden = [8]");
    EXPECT_EQ(choice({.dropout = 0.5}, {.kind = "auto"}).obstacle, "head.dropout = 0.5");
    EXPECT_EQ(choice({}, {.kind = "huber"}).obstacle, "loss.kind = \"huber\"");
    const ExactChoice smooth = choice({}, {.kind = "auto", .label_smoothing = 0.1});
    EXPECT_EQ(smooth.obstacle, "loss.label_smoothing = 0.1");
    EXPECT_EQ(smooth.solver, solver);
  }
}

TEST(Classification, ReadsTheMostProbableClassesBestFirst) {
  const TaskPtr task = task_of(kClassTarget);
  const auto best = task->read(answers({0.2F, 0.7F, 0.1F}), {}, {}, {.top_k = 2});
  ASSERT_EQ(best.size(), 2U);
  EXPECT_EQ(best[0].label, "sky");
  EXPECT_EQ(best[0].index, 1);
  EXPECT_NEAR(*best[0].score, 0.7, 1e-7);
  EXPECT_EQ(best[1].index, 0);
  EXPECT_EQ(task->read(answers({1, 0, 0}), {}, {}, {.top_k = 99}).size(), 3U);
  EXPECT_TRUE(task->read(answers({1, 0, 0}), {}, {}, {.top_k = 0}).empty());
}

TEST(Classification, BreaksTiesByTheLowerIndexAndPutsWhatIsNotANumberLast) {
  const TaskPtr task = task_of(kClassTarget);
  const auto tied = task->read(answers({0.25F, 0.25F, 0.25F}), {}, {}, {.top_k = 3});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(tied[i].index, static_cast<std::int64_t>(i));
  const auto odd = task->read(answers({std::nanf(""), 0.0F, 0.2F}), {}, {}, {.top_k = 3});
  EXPECT_EQ(odd[0].label, "ice");
  EXPECT_EQ(odd[1].label, "sky");
  EXPECT_EQ(odd[2].label, "sea");
}

TEST(MultiLabel, ReadsAllLabelsFromTheThresholdOn) {
  const TaskPtr task = task_of(kMultiLabelTarget);
  const auto found = task->read(answers({0.5F, 0.1F, 0.9F}), {}, {}, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "ice");
  EXPECT_EQ(found[1].label, "sea");
  EXPECT_NEAR(*found[0].score, 0.9, 1e-7);
  EXPECT_TRUE(task->read(answers({0.5F, 0.1F, 0.9F}), {}, {}, {.top_k = 1, .threshold = 0.95}).empty());
  EXPECT_TRUE(task->read(answers(std::vector<float>(3, std::nanf(""))), {}, {}, {}).empty());
}

TEST(Regression, ReadsEveryNumberInTheOrderOfTheColumns) {
  const auto found = task_of(kRegressionTarget)->read(answers({2, -7.5F, 0}), {}, {}, {});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1].label, "sky");
  EXPECT_EQ(found[1].value, -7.5);
  EXPECT_EQ(found[1].score, std::nullopt);
}

TEST(Regression, LearnsStandardisedNumbers) {
  const Tensor target = task_of(kRegressionTarget)->targets(Tensor::of<float>({3}, {1, 0, 1}), {}).at("target");
  EXPECT_TRUE(identical(target, Tensor::of<float>({3}, {1, -1, 0})));
}

TEST(Task, HoldsAnAnswerAgainstItsTarget) {
  const TaskPtr classes = task_of(kClassTarget), labels = task_of(kMultiLabelTarget),
                values = task_of(kRegressionTarget);
  const Tensor sky = Tensor::scalar<std::int64_t>(1);
  EXPECT_EQ(classes->judge(answers({0.2F, 0.7F, 0.1F}), sky).error, 0);
  const Judged wrong = classes->judge(answers({0.75F, 0.2F, 0.05F}), sky);
  EXPECT_NEAR(wrong.error, 0.75, 1e-6);
  EXPECT_EQ(wrong.truth, "sky");
  EXPECT_EQ(wrong.predicted, "sea 75.0 %");
  const Judged missed = labels->judge(answers({0.75F, 0.25F, 0.1F}), Tensor::of<float>({3}, {1, 1, 0}));
  EXPECT_NEAR(missed.error, 0.75, 1e-6);
  EXPECT_EQ(missed.truth, "sea, sky");
  EXPECT_EQ(missed.predicted, "sea 75.0 %");
  const Judged off = values->judge(answers({2, 0, 1}), Tensor::of<float>({3}, {1, 0, 1}));
  EXPECT_GT(off.error, 0);
  EXPECT_EQ(off.predicted, "sea 2, sky 0, ice 1");
}

TEST(Task, RefusesMoreOrFewerNumbersThanNames) {
  for (const std::string_view target : {kClassTarget, kMultiLabelTarget, kRegressionTarget})
    EXPECT_EQ(kind_of([&] { (void)task_of(target)->read(answers({1, 2}), {}, {}, {}); }), ErrorKind::data);
}

TEST(Task, MeasuresWhatItMonitors) {
  const Tensor said = Tensor::of<float>({2, 3}, {0.8F, 0.1F, 0.1F, 0.2F, 0.7F, 0.1F});
  const TensorMap outputs = testing::probabilities(said);
  MetricSet classes(task_of(kClassTarget)->metrics()), values(task_of(kRegressionTarget)->metrics());
  classes.update(outputs, testing::target(Tensor::of<std::int64_t>({2}, {0, 0})));
  values.update(outputs, testing::target(said));
  EXPECT_EQ(classes.report()[task_of(kClassTarget)->kind().monitor].value, 0.5);
  EXPECT_EQ(values.report()[task_of(kRegressionTarget)->kind().monitor].value, 1.0);
  EXPECT_EQ(values.report().table("per_value").number(1, "baseline"), 0.5);
  MetricSet labels(task_of(kMultiLabelTarget)->metrics());
  EXPECT_THROW(labels.update(outputs, testing::target(Tensor::of<std::int64_t>({2}, {0, 0}))), Error);
}

TEST(Task, HasRocAucForTwoClassesOnly) {
  MetricSet two(binary(kOpen)->metrics());
  two.update(testing::probabilities(Tensor::of<float>({2, 2}, {0.7F, 0.3F, 0.4F, 0.6F})),
             testing::target(Tensor::of<std::int64_t>({2}, {0, 1})));
  EXPECT_EQ(two.report()["roc_auc"].value, 1.0);
  EXPECT_EQ(MetricSet(task_of(kClassTarget)->metrics()).report().find("roc_auc"), nullptr);
}

}  // namespace
}  // namespace enxerto
