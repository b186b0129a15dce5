// Questions go through the whole library: a file of SQuAD's form, a network in an ONNX file, windows, answers in the
// text.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/extract_features.h"
#include "enxerto/workflow/train.h"
#include "tests/workflow/text_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

struct QuestionNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + '\n'; }
  void result(std::string_view text) override { notice(text); }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

/// Paragraphs in which the word "good" is the answer, some of them behind the end of a first window of 16 tokens; with
/// `none`, each fourth has no such word, and no answer.
std::string tiny_questions(int paragraphs, bool none = false) {
  std::string text = R"({"data": [{"title": "films", "paragraphs": [)";
  for (int i = 0; i < paragraphs; ++i) {
    const bool has = !none || i % 4 != 0;
    std::string before = fmt::format("olá {} ", i);
    for (int word = 0; word < 1 + i % 20; ++word) before += word % 2 == 0 ? "film " : "bad ";
    const std::string context = before + (has ? "good the film" : "bad the film");
    const std::size_t start = before.size() - 1;  // á is one character in two bytes
    const std::string answers =
        has ? fmt::format(R"([{{"text": "good", "answer_start": {}}}])", start) : std::string("[]");
    text += fmt::format(
        R"({}{{"context": "{}", "qas": [{{"id": "q{}", "question": "the film?", "is_impossible": {}, "answers": {}}}]}})",
        i == 0 ? "" : ",", context, i, !has, answers);
  }
  return text + "]}]}";
}

class QuestionsRun : public ::testing::Test {
 protected:
  QuestionsRun() {
    std::string name = (fs::temp_directory_path() / "enxerto-questions-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    backbone_ = testing::write_text_backbone(folder_ / "network");
    write("films.json", tiny_questions(60));
  }
  ~QuestionsRun() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  Recipe recipe() const {
    Recipe recipe;
    recipe.data.path = (folder_ / "films.json").string();
    recipe.backbone.name = backbone_.string();
    recipe.output.path = (folder_ / "model").string();
    recipe.run.threads = 1;
    recipe.run.cache.directory = (folder_ / "cache").string();
    recipe.input.max_length = 16;
    recipe.input.stride = 4;
    recipe.training = {.train_from = "head", .optimizer = "adam", .epochs = 12, .batch_size = 8, .learning_rate = 0.05};
    return recipe;
  }

  fs::path folder_, backbone_;
};

TEST_F(QuestionsRun, AreLearnedSavedAnsweredEvaluatedAndVerified) {
  QuestionNotices notices;
  const TrainReport report = train(recipe(), notices);
  EXPECT_EQ(report.task, "question_answering");
  EXPECT_EQ(report.train_examples + report.validation_examples + report.test_examples, 60U) << "questions, not windows";
  EXPECT_TRUE(notices.say("60 examples are ")) << notices.all;
  EXPECT_TRUE(notices.say("windows of 16 tokens, 4 of them shared")) << notices.all;
  EXPECT_TRUE(notices.say("('good'): [CLS] the film [UNK] [SEP]")) << notices.all;
  EXPECT_EQ(report.test["f1"].value, 1) << "answers in later windows are found";
  EXPECT_EQ(report.test["exact_match"].value, 1);
  EXPECT_EQ(report.test.examples, report.test_examples);

  const Model model = Model::load(report.model, {.threads = 1});
  std::map<std::string, Prediction> answers;
  model.predict(*open_data(folder_ / "films.json").all, ReadingOptions{},
                [&](const PredictedExample& example) { answers[example.id] = example.best.at(0); });
  ASSERT_EQ(answers.size(), 60U);
  EXPECT_EQ(answers["q19"].label, "good");
  const std::size_t start = std::string("ola 19 ").size() + 10 * 5 + 10 * 4;
  EXPECT_EQ(answers["q19"].place, (std::array<std::size_t, 2>{start, start + 4})) << "in characters";

  const EvaluationReport figures = evaluate(report.model, folder_ / "films.json");
  EXPECT_EQ(figures.examples, 60U);
  EXPECT_EQ(figures.metrics["f1"].value, 1);
  EXPECT_GT(figures.learned_from.value(), 0U) << "known by the contents of the questions";
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;
}

TEST_F(QuestionsRun, FromLinesOfJsonAreAnsweredToo) {
  const TrainReport report = train(recipe());
  const Model model = Model::load(report.model, {.threads = 1});
  std::vector<std::string> answers;
  model.predict(
      *text_lines("{\"context\": \"bad bad good film\", \"question\": \"the film?\"}\n", "-", {"question", "context"}),
      ReadingOptions{.top_k = 3}, [&](const PredictedExample& example) {
        for (const Prediction& one : example.best) answers.push_back(one.label);
      });
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers.front(), "good");
}

TEST_F(QuestionsRun, MayHaveNoAnswerWhereTheDataSaySo) {
  write("films.json", tiny_questions(80, true));
  Recipe asked = recipe();
  asked.training.epochs = 30;
  const TrainReport report = train(asked);
  EXPECT_GT(report.test["has_answer.f1"].value, 0.9);
  EXPECT_GT(report.test["no_answer.f1"].value, 0.9);
  const Model model = Model::load(report.model, {.threads = 1});
  std::size_t none = 0, all_none = 0;
  model.predict(*open_data(folder_ / "films.json").all, ReadingOptions{},
                [&](const PredictedExample& example) { none += example.best.at(0).label.empty() ? 1 : 0; });
  model.predict(*open_data(folder_ / "films.json").all, ReadingOptions{.no_answer = -1000},
                [&](const PredictedExample& example) { all_none += example.best.at(0).label.empty() ? 1 : 0; });
  EXPECT_NEAR(static_cast<double>(none), 20, 3);
  EXPECT_EQ(all_none, 80U);
}

TEST_F(QuestionsRun, LearnThroughLastStagesWhichAreFedFromTheCache) {
  Recipe asked = recipe();
  asked.training = {.preset = "fine-tune", .epochs = 2};
  const TrainReport report = train(asked);
  ASSERT_EQ(report.phases.size(), 2U);
  EXPECT_EQ(report.phases[1].phase.train_from, "block0");
  EXPECT_NE(report.phases[1].frozen.find("cached features"), std::string::npos) << report.phases[1].frozen;
}

TEST_F(QuestionsRun, ThatLeaveNoRoomForTheTextAreLeftOutAndNamed) {
  std::string questions = tiny_questions(60), longer = "the film?";
  for (int word = 0; word < 20; ++word) longer += " film";
  questions.replace(questions.find("the film?"), 9, longer);
  write("films.json", questions);
  const TrainReport report = train(recipe());
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_EQ(report.skipped.front().id, "q0");
}

TEST_F(QuestionsRun, WithoutAnswersCannotBeLearnedFrom) {
  write("films.json", R"({"data": [{"paragraphs": [{"context": "film bad", "qas": [{"question": "a"}]}, {"context":
      "good", "qas": [{"question": "b"}]}, {"context": "bad", "qas": [{"question": "c"}]}]}]})");
  Recipe asked = recipe();
  asked.training.batch_size = 1;
  try {
    (void)train(asked);
    ADD_FAILURE() << "questions without answers";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("no answer is known"), std::string::npos) << error.what();
  }
}

TEST_F(QuestionsRun, AreReadAgainFromTheRecipeThatWasSaved) {
  const TrainReport report = train(recipe());
  Recipe again = read_recipe(report.model / "recipe.toml");
  EXPECT_EQ(again.data.texts, (std::vector<std::string>{"question", "context"}));
  again.data.path = (folder_ / "films.json").string();
  again.backbone.name = backbone_.string();
  again.output.path = (folder_ / "again").string();
  EXPECT_EQ(train(again).test["f1"].value, report.test["f1"].value);
}

TEST_F(QuestionsRun, OfLongTextsOfClassesAreTheMeanOfTheirWindows) {
  std::string table = "text,label\n";
  for (int i = 0; i < 60; ++i) {
    std::string text = std::to_string(i);
    for (int word = 0; word < 14; ++word) text += " film";
    table += text + (i % 2 == 0 ? " good good good,1\n" : " bad bad bad,0\n");  // behind the first window
  }
  write("long.csv", table);
  Recipe asked = recipe();
  asked.data.path = (folder_ / "long.csv").string();
  asked.training = {};
  asked.input.max_length = 12;
  const TrainReport windows = train(asked);
  EXPECT_EQ(windows.train_examples + windows.test_examples, 60U);
  EXPECT_EQ(windows.test["accuracy"].value, 1);
  EXPECT_EQ(evaluate(windows.model, folder_ / "long.csv").metrics["accuracy"].value, 1);
  asked.input.stride = 0;
  asked.output.path = (folder_ / "cut").string();
  EXPECT_LT(train(asked).test["accuracy"].value, 0.9) << "what is cut off was all that told";
}

}  // namespace
}  // namespace enxerto
