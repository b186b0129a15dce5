#include "enxerto/tasks/ngram_model.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

/// What reading a file of this text is refused with.
std::string refusal(const std::string& text) {
  const testing::Workplace folder;
  try {
    NgramModel::read(folder.write("m.arpa", text));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

const std::string kHead = "made by hand\n\\data\\\nngram 1=3\nngram 2=1\n\n";
const std::string kWords = "\\1-grams:\n-1\t<unk>\n-0.5\ta\t-0.25\n-1.5\tb\t0\n\n";

TEST(NgramModel, ScoresSentencesAsKenLMDoes) {
  const std::string path = ENXERTO_TEST_DATA "/tasks/ctc_words.json";
  const Json cases = parse_json(read_text(path, 1 << 26), path);
  const auto model = NgramModel::read(ENXERTO_TEST_DATA "/tasks/words.arpa");
  for (const Json& one : cases["sentences"]) {
    NgramModel::State state = model->beginning();
    double sum = 0;
    const auto sentence = one[0].get<std::string>();
    for (const std::string_view word : words_between(sentence, " ")) sum += model->score(state, word, state);
    EXPECT_NEAR(sum + model->end_score(state), one[1].get<double>(), 1e-4) << sentence;
  }
}

TEST(NgramModel, BacksOffToShorterContexts) {
  const testing::Workplace folder;
  const auto model = NgramModel::read(folder.write("m.arpa", kHead + kWords + "\\2-grams:\n-0.125\ta b\n\n\\end\\\n"));
  NgramModel::State state = model->beginning();
  EXPECT_DOUBLE_EQ(model->score(state, "a", state), -0.5);
  NgramModel::State other;
  EXPECT_DOUBLE_EQ(model->score(state, "b", other), -0.125);
  EXPECT_DOUBLE_EQ(model->score(state, "a", other), -0.75);        // -0.25 for leaving the context "a"
  EXPECT_DOUBLE_EQ(model->score(state, "nothing", other), -1.25);  // <unk>
  EXPECT_TRUE(model->begins_a_word("a"));
  EXPECT_FALSE(model->begins_a_word("ab"));
  EXPECT_EQ(model->words(), (std::vector<std::string>{"a", "b"}));
}

TEST(NgramModel, NamesTheLineThatIsWrong) {
  const std::string good = kHead + kWords + "\\2-grams:\n-0.125\ta b\n\n\\end\\\n";
  EXPECT_EQ(refusal(good), "");
  EXPECT_NE(refusal(good.substr(0, good.size() - 6)).find("ends in the middle"), std::string::npos);
  EXPECT_NE(refusal(kHead + kWords + "\\2-grams:\n-0.125\ta c\n\n\\end\\\n").find("m.arpa:12: the word 'c'"),
            std::string::npos);
  EXPECT_NE(refusal(kHead + kWords + "\\2-grams:\n-0.125\ta\n\n\\end\\\n").find("m.arpa:12: 2 columns"),
            std::string::npos);
  EXPECT_NE(refusal(kHead + kWords + "\\2-grams:\nnan\ta b\n\n\\end\\\n").find("m.arpa:12"), std::string::npos);
  EXPECT_NE(refusal(kHead + kWords + "\\2-grams:\n\\end\\\n").find("0 2-grams are there"), std::string::npos);
  EXPECT_NE(refusal(kHead + kWords + "\\end\\\n").find("ends before its 2-grams"), std::string::npos);
  EXPECT_NE(refusal("\\data\\\nngram 1=x\n").find("'ngram 1='"), std::string::npos);
  EXPECT_NE(refusal("hello\n").find("no line \\data\\"), std::string::npos);
  EXPECT_EQ(refusal("\xEF\xBB\xBF" + good.substr(good.find("\\data"))), "");
  EXPECT_NE(refusal(kHead + "\\1-grams:\n-1\t<unk>\n-0.5\ta\tinf\n").find("m.arpa:8"), std::string::npos);
  EXPECT_NE(refusal(std::string("\x1F\x8B", 2) + "..").find("gunzip"), std::string::npos);
  EXPECT_NE(refusal("mmap lm http://kheafield.com/code format version 5\n").find("KenLM"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
