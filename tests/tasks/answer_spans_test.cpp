#include "enxerto/tasks/answer_spans.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::string_view kContext = "xx yy zz ww";

/// Windows of [CLS] q [SEP] and three words of the context each, from the word `first` on.
Tensor map_of_windows(const std::vector<std::size_t>& first) {
  std::vector<float> map;
  for (const std::size_t word : first) {
    map.insert(map.end(), {-1, 0, 0, 0, 0, 1, -1, 0, 0});
    for (std::size_t i = word; i < word + 3; ++i) {
      const auto begin = static_cast<float>(i * 3);
      map.insert(map.end(), {1, begin, begin + 2});
    }
  }
  return Tensor::of<float>({static_cast<std::int64_t>(first.size()), 6, 3}, std::span<const float>(map));
}

Tensor logits_of(const std::vector<float>& values) {
  return Tensor::of<float>({static_cast<std::int64_t>(values.size() / 12), 6, 2}, std::span<const float>(values));
}

FoundAnswers found(const std::vector<float>& logits, const AnswerSearch& search = {},
                   const std::vector<std::size_t>& words = {0}) {
  return find_answers(logits_of(logits), map_of_windows(words), kContext, 2, search);
}

std::vector<std::string> texts(const FoundAnswers& found) {
  std::vector<std::string> texts;
  for (const WeighedAnswer& answer : found.kept) texts.push_back(answer.text);
  return texts;
}

TEST(FindAnswers, SumsTheLogitsOfFirstAndLastTokensInTheContext) {
  const FoundAnswers answers = found({90, 90, 90, 90, 90, 90, 1, 0, 3, 1, 0, 2});
  EXPECT_EQ(answers.kept.front().text, "yy zz") << "not the question, however sure";
  EXPECT_EQ(answers.kept.front().score, 5);
  EXPECT_EQ(answers.kept.size(), 6U) << "all that are in order";
  EXPECT_FALSE(answers.no_answer.has_value());
  double sum = 0;
  for (const WeighedAnswer& answer : answers.kept) sum += answer.probability;
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(FindAnswers, LeavesOutWhatIsTooLongOrOutOfOrder) {
  const std::vector<float> logits{0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9};
  EXPECT_EQ(found(logits).kept.front().text, "xx yy zz");
  EXPECT_NE(found(logits, {.longest = 2}).kept.front().text, "xx yy zz");
  for (const std::string& text : texts(found({0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 9, 0}, {.longest = 1})))
    EXPECT_EQ(text.size(), 2U);
}

TEST(FindAnswers, TakesTheBestOfAllWindows) {
  const FoundAnswers answers =
      found({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5}, {}, {0, 1});
  EXPECT_EQ(answers.kept[0].text, "ww");
  EXPECT_EQ(answers.kept[1].text, "zz");
}

TEST(FindAnswers, KeepsTheBestOfEachWindowsTokensOnly) {
  const FoundAnswers answers = found({9, 9, 8, 8, 7, 7, 1, 1, 2, 2, 3, 3}, {.best = 4});
  EXPECT_EQ(texts(answers), (std::vector<std::string>{"zz"})) << "the fourth best token of each";
}

TEST(FindAnswers, OfEqualScoresTheOneThatWasFoundFirstComesFirst) {
  const FoundAnswers answers = found({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(answers.kept.front().text, "xx");
}

TEST(FindAnswers, SaysThatThereIsNoneWhereItsLeastScoreIsFarEnoughAbove) {
  // null scores 9 in one window and 4 in the other; the best answer 3
  const std::vector<float> logits{5, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const AnswerSearch search{.may_have_none = true};
  const FoundAnswers answers = found(logits, search, {0, 1});
  EXPECT_EQ(answers.no_answer, 1.0);
  EXPECT_EQ(answers.kept[answers.chosen].text, "");
  const FoundAnswers bold = found(logits, {.may_have_none = true, .threshold = 1}, {0, 1});
  EXPECT_EQ(bold.kept[bold.chosen].text, "zz") << "more than the threshold, not as much";
}

TEST(FindAnswers, KeepsThatThereIsNoneAlsoWhereManyAreBetter) {
  const FoundAnswers answers = found({-9, -9, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, {.best = 2, .may_have_none = true});
  EXPECT_EQ(texts(answers), (std::vector<std::string>{"xx", "xx yy", ""}));
  EXPECT_EQ(answers.chosen, 0U);
}

TEST(FindAnswers, IsTheWordEmptyWhereNothingIsFound) {
  const FoundAnswers answers = found({9, 9, 8, 8, 7, 7, 1, 1, 2, 2, 3, 3}, {.best = 3});
  EXPECT_EQ(texts(answers), (std::vector<std::string>{"empty"}));
  const FoundAnswers none = found({9, 9, 8, 8, 7, 7, 1, 1, 2, 2, 3, 3}, {.best = 3, .may_have_none = true});
  EXPECT_EQ(texts(none), (std::vector<std::string>{"empty", ""}));
  EXPECT_EQ(none.no_answer, 18.0);
}

TEST(FindAnswers, DoesNotLookAtWhatFillsUp) {
  Tensor map = map_of_windows({0});
  std::vector<float> filled(map.as<float>().begin(), map.as<float>().end());
  std::fill(filled.end() - 3, filled.end(), -1.0F);
  const FoundAnswers answers = find_answers(logits_of({0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 99, 99}),
                                            Tensor::of<float>({1, 6, 3}, filled), kContext, 2, {});
  EXPECT_EQ(answers.kept.front().text, "yy");
  EXPECT_THROW((void)find_answers(logits_of(std::vector<float>(12)), map_of_windows({0, 1}), kContext, 2, {}), Error);
}

}  // namespace
}  // namespace enxerto
