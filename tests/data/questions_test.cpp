#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

/// A file of one paragraph with these questions.
std::string squad_of(const std::string& context, const std::string& questions) {
  return R"({"version": "1.1", "data": [{"title": "Rivers", "paragraphs": [{"context": ")" + context +
         R"(", "qas": [)" + questions + "]}]}]}";
}

std::string asked(const std::string& id, const std::string& text, int start) {
  return R"({"id": ")" + id + R"(", "question": "  What is it?", "answers": [{"text": ")" + text +
         R"(", "answer_start": )" + std::to_string(start) + "}]}";
}

class QuestionsOfFiles : public ::testing::Test {
 protected:
  DataParts open(const std::string& text, const std::string& name = "q.json") {
    return open_data(place_.write(name, text), {}, listener_);
  }

  std::string refusal(const std::string& text, const std::string& name = "q.json") {
    try {
      open(text, name);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      return error.what();
    }
    ADD_FAILURE() << "no error for " << text;
    return "";
  }

  static std::string field(const Dataset& dataset, std::size_t position, std::size_t input) {
    return std::string(text_in(dataset.get(position)->field(input)));
  }

  static std::string answer(const Dataset& dataset, std::size_t position) {
    const auto example = dataset.get(position);
    return span_words(dataset.target(position), std::vector{example->field(0), example->field(1)});
  }

  Workplace place_;
  Listener listener_;
};

TEST_F(QuestionsOfFiles, AreExamplesOfAQuestionAndItsContextAnsweredBySpans) {
  const DatasetPtr all = open(squad_of("The Tejo flows.", asked("a1", "Tejo", 4))).all;
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->info().target.kind, kSpanTarget);
  EXPECT_EQ(all->info().target.names, std::vector<std::string>{"answer"});
  EXPECT_EQ(all->get(0)->id(), "a1");
  EXPECT_EQ(field(*all, 0, 0), "What is it?");
  EXPECT_EQ(field(*all, 0, 1), "The Tejo flows.");
  EXPECT_EQ(answer(*all, 0), "'Tejo'");
  EXPECT_TRUE(listener_.notices.empty());
}

TEST_F(QuestionsOfFiles, CountCharactersAndAreKeptInBytes) {
  const DatasetPtr all = open(squad_of("\xC3\x89 o Tejo \xF0\x9F\x98\x80.", asked("a", "Tejo", 4))).all;
  EXPECT_EQ(spans_of(all->target(0)), (std::vector<ByteSpan>{{5, 9}}));
  EXPECT_TRUE(listener_.notices.empty());
}

TEST_F(QuestionsOfFiles, ThatCountBytesAreRecognisedAndSaid) {
  const DatasetPtr all = open(squad_of("\xC3\x89 o Tejo, \xC3\xA9 o Tejo.", asked("a", "Tejo", 5))).all;
  EXPECT_EQ(answer(*all, 0), "'Tejo'");
  EXPECT_EQ(spans_of(all->target(0)).front().begin, 5);
  EXPECT_TRUE(listener_.heard("q.json: answer_start counts bytes, not characters, 1 of 1 answer"));
}

TEST_F(QuestionsOfFiles, WithAWrongStartTakeTheNearestPlaceAndSaySo) {
  const DatasetPtr all = open(squad_of("ab ab ab ab", asked("a", "ab", 7))).all;
  EXPECT_EQ(spans_of(all->target(0)).front().begin, 6);
  EXPECT_TRUE(listener_.heard("1 of 1 answer is not at the answer_start, and is taken from the nearest place"));
}

TEST_F(QuestionsOfFiles, WhoseAnswerIsNotInTheContextAreCountedListedAndLeftOut) {
  const DatasetPtr all =
      open(squad_of("The Tejo flows.", asked("a", "Douro", 4) + "," + asked("b", "Tejo", 4) + "," + asked("c", "", 0)))
          .all;
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->get(0)->id(), "b");
  EXPECT_TRUE(listener_.heard("2 of 3 answers are not in the context, and left out, with 2 questions"));
  EXPECT_TRUE(listener_.heard("a 'Douro'"));
}

TEST_F(QuestionsOfFiles, OfSquad2MayHaveNoAnswer) {
  const DatasetPtr all = open(squad_of("The Tejo flows.", asked("a", "Tejo", 4) +
                                                              R"(,{"id": "b", "question": "Why?", "answers": [],
                                                                   "is_impossible": true})"))
                             .all;
  EXPECT_EQ(all->info().target.names, (std::vector<std::string>{"answer", "no answer"}));
  EXPECT_EQ(answer(*all, 1), "no answer");
  EXPECT_TRUE(spans_of(all->target(1)).empty());
}

TEST_F(QuestionsOfFiles, WithoutAWordOfAnswersAreUnlabelled) {
  const DatasetPtr all = open(squad_of("The Tejo flows.", R"({"id": "b", "question": "Why?"})")).all;
  EXPECT_EQ(all->target(0).size(), 0U);
}

TEST_F(QuestionsOfFiles, OfOneContextAreOneGroup) {
  const std::string one = asked("a", "Tejo", 4) + "," + asked("b", "flows", 9);
  const std::string file = R"({"data": [{"paragraphs": [{"context": "The Tejo flows.", "qas": [)" + one +
                           R"(]}, {"context": "The Douro too.", "qas": [)" + asked("c", "too", 10) +
                           R"(]}, {"context": "The Tejo flows.", "qas": [)" + asked("d", "Tejo", 4) + "]}]}]}";
  const DatasetPtr all = open(file).all;
  EXPECT_EQ(all->get(0)->group(), all->get(1)->group());
  EXPECT_EQ(all->get(0)->group(), all->get(3)->group());
  EXPECT_NE(all->get(0)->group(), all->get(2)->group());
}

TEST_F(QuestionsOfFiles, OfFlatFormAreReadFromLinesAndFromAList) {
  const std::string one =
      R"({"context": "The Tejo flows.", "question": "What?", "answers": {"text": ["Tejo", "The Tejo"], "answer_start": [4, 0]}})";
  for (const auto& [name, text] : {std::pair<std::string, std::string>{"q.jsonl", one + "\n\n" + one + "\n"},
                                   {"q.json", R"({"data": [)" + one + "," + one + "]}"}}) {
    const DatasetPtr all = open(text, name).all;
    ASSERT_EQ(all->size(), 2U) << name;
    EXPECT_EQ(spans_of(all->target(1)), (std::vector<ByteSpan>{{4, 8}, {0, 8}}));
    EXPECT_EQ(all->get(1)->id(), name + ":2");
  }
}

TEST_F(QuestionsOfFiles, ThatAreNamedTwiceAreSaid) {
  open(squad_of("The Tejo flows.", asked("a", "Tejo", 4) + "," + asked("a", "flows", 9)));
  EXPECT_TRUE(listener_.heard("1 id appears twice or more: a"));
}

TEST_F(QuestionsOfFiles, AreRefusedByTheirPlaceInTheFile) {
  EXPECT_NE(refusal(R"({"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "a"}]}]}]})")
                .find("q.json: data[0].paragraphs[0].qas[0]: no 'question'"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"data": [{"title": "x", "Paragraphs": []}], "x": "\"paragraphs\"", "paragraphs": 1})")
                .find("q.json: data[0]: no 'paragraphs'"),
            std::string::npos);
  EXPECT_NE(refusal(squad_of("x", R"({"question": "q", "answers": [{"text": "x", "answer_start": "0"}]})"))
                .find("answers[0].answer_start: a text"),
            std::string::npos);
  EXPECT_NE(refusal(squad_of("x", R"({"question": "q", "answers": {"text": ["x"], "answer_start": []}})"))
                .find("1 texts and 0 starts"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"paragraphs": [)").find("q.json: is not valid JSON at byte"), std::string::npos);
  EXPECT_NE(
      refusal("{\"context\": \"x\", \"question\": \"q\", \"answers\": []}\n{\"context\": \"question\"\n", "q.jsonl")
          .find("q.jsonl:2"),
      std::string::npos);
  EXPECT_NE(refusal(R"({"data": [], "paragraphs": []})").find("no questions"), std::string::npos);
}

TEST_F(QuestionsOfFiles, OfAnUnknownFormAreRefusedWithWhatIsExpected) {
  EXPECT_NE(refusal(R"({"rows": [1, 2]})").find("questions in SQuAD's form"), std::string::npos);
}

TEST_F(QuestionsOfFiles, AreNoTables) {
  try {
    (void)open_data(place_.write("q.csv", "text,label\na,b\nb,c\n"), {.kind = std::string(kSpanTarget)});
    ADD_FAILURE() << "a table of questions";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("questions in SQuAD's form"), std::string::npos) << error.what();
  }
}

TEST_F(QuestionsOfFiles, InAFolderAreItsParts) {
  place_.write("s/train-v2.0.json", squad_of("The Tejo flows.", asked("a", "Tejo", 4)));
  place_.write("s/dev-v2.0.json",
               squad_of("The Douro too.", R"({"id": "b", "question": "Why?", "answers": [], "is_impossible": true})"));
  const DataParts parts = open_data(place_.path() / "s");
  ASSERT_TRUE(parts.has_parts());
  EXPECT_EQ(parts.train->size(), 1U);
  EXPECT_EQ(parts.validation->size(), 1U);
  EXPECT_EQ(parts.train->info(), parts.validation->info());
  EXPECT_EQ(parts.texts, (std::vector<std::string>{"question", "context"}));
}

TEST_F(QuestionsOfFiles, InAFolderWithoutPartsAreAskedFor) {
  place_.write("s/xquad.en.json", squad_of("The Tejo flows.", asked("a", "Tejo", 4)));
  EXPECT_EQ(open_data(place_.path() / "s").all->size(), 1U);
  place_.write("s/xquad.es.json", squad_of("El Tajo.", asked("a", "Tajo", 3)));
  try {
    (void)open_data(place_.path() / "s");
    ADD_FAILURE() << "two files that are no parts";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("xquad.en.json, xquad.es.json"), std::string::npos) << error.what();
  }
}

TEST(SpanTarget, GoesToTheTokensOfAWindowAsRunQaLabelsThem) {
  // [CLS] a b [SEP] xx yy zz [SEP], of the question "a b" and the context "xx yy zz"
  const Tensor map =
      Tensor::of<float>({8, 3}, {-1, 0, 0, 0, 0, 1, 0, 2, 3, -1, 0, 0, 1, 0, 2, 1, 3, 5, 1, 6, 8, -1, 0, 0});
  const auto placed = [&](std::vector<ByteSpan> answers) {
    const Tensor tokens = placed_span(span_target(answers), map);
    return std::vector<std::int64_t>(tokens.as<std::int64_t>().begin(), tokens.as<std::int64_t>().end());
  };
  using Tokens = std::vector<std::int64_t>;
  EXPECT_EQ(placed({{3, 5}}), (Tokens{5, 5}));
  EXPECT_EQ(placed({{0, 8}}), (Tokens{4, 6}));
  EXPECT_EQ(placed({{4, 7}}), (Tokens{5, 6})) << "within tokens: all that it touches";
  EXPECT_EQ(placed({{6, 8}, {0, 2}}), (Tokens{6, 6})) << "the first answer is learned";
  EXPECT_EQ(placed({{6, 9}}), (Tokens{0, 0})) << "not wholly inside";
  EXPECT_EQ(placed({}), (Tokens{0, 0}));
}

}  // namespace
}  // namespace enxerto
