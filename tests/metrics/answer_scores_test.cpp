#include "enxerto/metrics/answer_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::report_of;

Tensor bytes_of(std::string_view text) {
  return Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)));
}

TensorMap question(std::string_view answer, std::string_view context) {
  return {{"answer", bytes_of(answer)}, {"context", bytes_of(context)}};
}

TensorMap places(std::vector<std::int64_t> numbers) {
  const auto rows = static_cast<std::int64_t>(numbers.size() / 2);
  return testing::target(Tensor::of<std::int64_t>({1, rows, 2}, std::span<const std::int64_t>(numbers)));
}

// What Python's evaluate-v1.1.py and evaluate-v2.0.py give, typed in from a run of them.
TEST(AnswerText, IsComparedAsSquadsScriptNormalisesIt) {
  EXPECT_EQ(normalised_answer("  The Denver-Broncos, a  team!"), "denverbroncos team");
  EXPECT_EQ(normalised_answer("an apple; THE end"), "apple end");
  EXPECT_EQ(normalised_answer("Athens and theory, anthem"), "athens and theory anthem") << "articles are whole words";
  EXPECT_EQ(normalised_answer("Vitamin A\xC2\xA0"
                              "B"),
            "vitamin b")
      << "U+00A0 is a blank";
  EXPECT_EQ(normalised_answer("\xC3\x89vora, \xC3\x80 noite"), "\xC3\xA9vora \xC3\xA0 noite");
  EXPECT_EQ(normalised_answer("\xC3\xA0 a"), "\xC3\xA0") << "\xC3\xA0 is no article: letters beyond ASCII are letters";
  EXPECT_EQ(normalised_answer("a\xC3\xA9 a"), "a\xC3\xA9");
  EXPECT_EQ(normalised_answer("the\xE2\x80\x94"
                              "end"),
            "\xE2\x80\x94"
            "end")
      << "only ASCII's punctuation is deleted";
  EXPECT_EQ(normalised_answer("\xCE\x9F\xCE\x94\xCE\x9F\xCE\xA3"), "\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x82");
  EXPECT_EQ(normalised_answer("the"), "");
}

TEST(AnswerText, HasTheF1OfItsWordsAsOftenAsTheyAreThere) {
  EXPECT_DOUBLE_EQ(answer_f1("the Denver Broncos", "Broncos", false), 2.0 * 0.5 * 1 / 1.5);
  EXPECT_DOUBLE_EQ(answer_f1("ten ten two", "ten ten ten", false), 2.0 / 3);
  EXPECT_EQ(answer_f1("blue", "red", false), 0);
}

TEST(AnswerText, OfNothingIsWrongIn11AndRightWhereThereIsNothingIn20) {
  EXPECT_EQ(answer_f1("", "", false), 0);
  EXPECT_EQ(answer_f1("the", "a", false), 0);
  EXPECT_EQ(answer_f1("", "", true), 1);
  EXPECT_EQ(answer_f1("", "red", true), 0);
  EXPECT_EQ(answer_f1("red", "", true), 0);
  EXPECT_TRUE(answer_score("", {}, true).exact);
  EXPECT_EQ(answer_score("", {}, true).f1, 1);
  const std::vector<std::string_view> empty{"the"};
  EXPECT_EQ(answer_score("", empty, true).f1, 1) << "a truth of which nothing is left is none";
}

TEST(AnswerScores, AreTheBestAgainstEachOfTheTruths) {
  AnswerScores scores(false);
  scores.update(question("Denver Broncos", "the Denver Broncos won"), places({4, 10, 0, 18}));
  scores.update(question("won", "the Denver Broncos won"), places({4, 10}));
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(report["exact_match"].value, 0.5);
  EXPECT_EQ(report["f1"].value, 0.5);
  EXPECT_EQ(report.find("has_answer.f1"), nullptr);
  EXPECT_EQ(report.find("token_f1"), nullptr);
}

TEST(AnswerScores, TellQuestionsWithAnAnswerFromThoseWithout) {
  AnswerScores scores(true);
  scores.update(question("", "red"), places({-1, -1}));
  scores.update(question("red", "red"), places({-1, -1}));
  scores.update(question("red", "red"), places({0, 3}));
  const MetricsReport report = report_of(scores);
  EXPECT_DOUBLE_EQ(report["f1"].value, 2.0 / 3);
  EXPECT_EQ(report["has_answer.exact_match"].value, 1);
  EXPECT_EQ(report["no_answer.exact_match"].value, 0.5);
  EXPECT_DOUBLE_EQ(report["f1"].baseline->value, 2.0 / 3);
}

TEST(AnswerScores, OfRowsAreTheOverlapOfTokens) {
  AnswerScores scores(false);
  // three windows of four tokens: right, half right, none where none is
  const Tensor logits = Tensor::of<float>({3, 4, 2}, {0, 0, 9, 0, 0, 9, 0, 0,  //
                                                      0, 0, 0, 0, 9, 9, 0, 0,  //
                                                      9, 9, 0, 0, 0, 0, 1, 1});
  scores.update(testing::logits(logits), testing::target(Tensor::of<std::int64_t>({3, 2}, {1, 2, 1, 2, 0, 0})));
  EXPECT_NEAR(report_of(scores)["token_f1"].value, (1 + 2.0 / 3 + 1) / 3, 1e-12);
  scores.reset();
  EXPECT_TRUE(std::isnan(report_of(scores)["token_f1"].value));
}

TEST(AnswerScores, HaveTheirNamesBeforeAnythingIsSeen) {
  const MetricsReport report = report_of(AnswerScores(true));
  for (const char* name : {"f1", "exact_match", "has_answer.f1", "no_answer.exact_match", "token_f1"})
    EXPECT_NE(report.find(name), nullptr) << name;
  EXPECT_FALSE(report["f1"].in_phases);
  EXPECT_TRUE(report["token_f1"].in_phases);
}

TEST(AnswerScores, RefuseTargetsThatDoNotFit) {
  AnswerScores scores(false);
  EXPECT_THROW(scores.update(question("x", "red"), places({0, 4})), Error);
  EXPECT_THROW(scores.update(testing::logits(Tensor::of<float>({1, 2}, {0, 0})),
                             testing::target(Tensor::of<std::int64_t>({1, 2}, {0, 0}))),
               Error);
}

TEST(BestTokenSpan, IsNoLongerThanAskedAndInOrder) {
  const std::vector<float> logits{0, 0, 5, 0, 0, 1, 0, 4, 0, 9};
  EXPECT_EQ(best_token_span(logits, 4).last, 4U);
  EXPECT_EQ(best_token_span(logits, 3).last, 3U);
  EXPECT_EQ(best_token_span(std::vector<float>{0, 0, 0, 9, 9, 0}, 30).first, 1U) << "not last before first";
}

}  // namespace
}  // namespace enxerto
