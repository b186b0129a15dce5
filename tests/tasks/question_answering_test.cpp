#include "enxerto/tasks/question_answering.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/window_outputs.h"
#include "tests/media/text_field.h"

namespace enxerto {
namespace {

TaskPtr task_with(bool some_have_none) {
  return task_from_record({{"kind", "question_answering"}, {"names", span_names(some_have_none)}}, "task.json");
}

/// [CLS] q [SEP] and three words, "ol\u00e1 yy zz".
const std::vector<Field> kFields{testing::text_field("q"), testing::text_field("ol\xC3\xA1 yy zz")};

TensorMap joined(const Task& task, const std::vector<float>& logits, const ReadingOptions& options = {}) {
  WindowOutputs windows;
  windows.add({{"probabilities", Tensor::of<float>({1, 6, 2}, std::span<const float>(logits))}}, 0,
              Tensor::of<float>({6, 3}, {-1, 0, 0, 0, 0, 1, -1, 0, 0, 1, 0, 4, 1, 5, 7, 1, 8, 10}));
  return windows.joined(task, kFields, options);
}

const std::vector<float> kMiddle{3, 3, 0, 0, 0, 0, 0, 0, 2, 2, 0, 1};

TEST(QuestionAnswering, IsTheTaskOfSpansInTheSecondOfTwoTexts) {
  const DatasetInfo pairs{.inputs = {Medium::text, Medium::text}, .target = {std::string(kSpanTarget), {"answer"}}};
  EXPECT_EQ(task_kind_for("auto", pairs).name, "question_answering");
  EXPECT_THROW((void)task_kind_for("auto", {.inputs = {Medium::text}, .target = pairs.target}), Error);
}

TEST(QuestionAnswering, ReadsTheAnswerItsProbabilityAndItsPlaceInCharacters) {
  const TaskPtr task = task_with(false);
  const std::vector<Prediction> best = task->read(joined(*task, kMiddle), kFields, {}, {.top_k = 2});
  ASSERT_EQ(best.size(), 2U);
  EXPECT_EQ(best[0].label, "yy");
  EXPECT_EQ(best[0].place, (std::array<std::size_t, 2>{4, 6})) << "of bytes it would be 5 and 7";
  EXPECT_EQ(best[1].label, "yy zz");
  EXPECT_GT(*best[0].score, *best[1].score);
  EXPECT_FALSE(best[0].value.has_value());
}

TEST(QuestionAnswering, GivesNoAnswerWhereThereMayBeNone) {
  const TaskPtr task = task_with(true);
  const auto best = task->read(joined(*task, kMiddle), kFields, {}, {.top_k = 2});
  EXPECT_EQ(best[0].label, "");
  EXPECT_FALSE(best[0].place.has_value());
  EXPECT_EQ(best[0].value, 2.0);
  EXPECT_EQ(best[1].label, "yy");
  EXPECT_EQ(task->read(joined(*task, kMiddle, {.no_answer = 2}), kFields, {}, {})[0].label, "yy");
}

TEST(QuestionAnswering, WritesAnswersForPrograms) {
  const TaskPtr task = task_with(true);
  const Json json = task->to_json(task->read(joined(*task, kMiddle, {.no_answer = 5}), kFields, {}, {.top_k = 3}));
  EXPECT_EQ(json["answer"], "yy");
  EXPECT_EQ(json["start"], 4);
  EXPECT_EQ(json["no_answer_score"], 2.0);
  EXPECT_EQ(json["top"].size(), 3U);
  EXPECT_EQ(json["top"][1]["answer"], "");
}

TEST(QuestionAnswering, JudgesByTheF1OfTheBestTruth) {
  const TaskPtr task = task_with(false);
  const TensorMap outputs = joined(*task, kMiddle);
  EXPECT_EQ(task->judge(outputs, span_target(std::vector<ByteSpan>{{0, 4}, {5, 7}})).error, 0);
  const Judged wrong = task->judge(outputs, span_target(std::vector<ByteSpan>{{0, 4}}));
  EXPECT_GE(wrong.error, 1);
  EXPECT_EQ(wrong.truth, "ol\xC3\xA1");
  EXPECT_TRUE(wrong.predicted.starts_with("yy "));
}

TEST(QuestionAnswering, IsMeasuredQuestionByQuestion) {
  const TaskPtr task = task_with(false);
  MetricSet metrics(task->metrics());
  const Tensor places = span_target(std::vector<ByteSpan>{{5, 7}});
  metrics.update(joined(*task, kMiddle), {{"target", places.reshaped({1, 1, 2})}});
  EXPECT_EQ(metrics.report()["exact_match"].value, 1);
  EXPECT_EQ(metrics.report().examples, 1U);
}

TEST(QuestionAnswering, LearnsTheTokensOfAWindow) {
  const TaskPtr task = task_with(false);
  EXPECT_EQ(task->targets(Tensor::of<std::int64_t>({2}, {4, 4}), {}).at("target").shape(), (Shape{2}));
  EXPECT_THROW((void)task->targets({}, {}), Error);
  EXPECT_EQ(task->width(), 2);
}

TEST(QuestionAnswering, TakesWindowsThatTheNetworkHasPositionsFor) {
  const TaskKind& kind = task_with(false)->kind();
  EXPECT_EQ(kind.input({{"kind", "text"}})["max_length"], 384);
  const Json few = kind.input({{"kind", "text"}, {"positions", 60}});
  EXPECT_EQ(few["max_length"], 60);
  EXPECT_EQ(few["stride"], 20);
  EXPECT_EQ(few["truncation"], "only_second");
  EXPECT_TRUE(kind.input({{"kind", "image"}}).empty());
}

TEST(QuestionAnswering, MeasuresDifferencesAgainstTheLogitsNotAgainstPadding) {
  EXPECT_EQ(task_with(false)->scale_of(Tensor::of<float>({1, 2, 2}, {3, -7, -10003, -9998})), 7);
}

TEST(Task, JoinsTheWindowsOfAnExampleByTheirMean) {
  const TaskPtr classes = task_from_record({{"kind", "classification"}, {"names", {"a", "b"}}}, "task.json");
  WindowOutputs windows;
  const TensorMap batch{{"probabilities", Tensor::of<float>({2, 2}, {0.25F, 0.75F, 0.75F, 0.25F})}};
  windows.add(batch, 0, {});
  EXPECT_EQ(windows.joined(*classes, kFields, {}).at("probabilities").as<float>()[0], 0.25F);
  windows.add(batch, 1, {});
  const Tensor mean = windows.joined(*classes, kFields, {}).at("probabilities");
  EXPECT_EQ(mean.shape(), (Shape{1, 2}));
  EXPECT_EQ(mean.as<float>()[0], 0.5F);
}

}  // namespace
}  // namespace enxerto
