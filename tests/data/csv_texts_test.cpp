#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/targets.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::label_of;
using testing::Listener;
using testing::names_of;
using testing::Workplace;
using Names = std::vector<std::string>;

class CsvTexts : public ::testing::Test {
 protected:
  DataParts open(std::string_view text, const TableOptions& options = {}, const std::string& name = "t.csv") {
    return open_data(place_.write(name, text), options, listener_);
  }

  std::string refusal(std::string_view text, const TableOptions& options = {}, const std::string& name = "t.csv") {
    try {
      open(text, options, name);
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "no error for " << text;
    return "";
  }

  static std::string text_of(const Dataset& dataset, std::size_t position, std::size_t field = 0) {
    const Field read = dataset.get(position)->field(field);
    const auto bytes = read.bytes.as<std::uint8_t>();
    return {bytes.begin(), bytes.end()};
  }

  Workplace place_;
  Listener listener_;
};

bool has_text(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(CsvTexts, AColumnCalledTextIsLearnedFrom) {
  const DatasetPtr all = open("id,text,label\n1,\"good, and\nlong\",pos\n2,bad,neg\n").all;
  EXPECT_EQ(all->info().inputs, std::vector{Medium::text});
  EXPECT_EQ(all->info().target.kind, kClassTarget);
  EXPECT_EQ(names_of(*all), (Names{"neg", "pos"}));
  EXPECT_EQ(text_of(*all, 0), "good, and\nlong");
  EXPECT_EQ(label_of(*all, 0), 1);
  EXPECT_EQ(all->get(0)->id(), "t.csv:2");
  EXPECT_EQ(all->get(1)->id(), "t.csv:4");
}

TEST_F(CsvTexts, SentencesOfAPairAreTwoFields) {
  const DatasetPtr all =
      open("sentence1\tsentence2\tlabel\nA man eats.\tHe eats.\t1\nIt rains.\tDry.\t0\n", {}, "t.tsv").all;
  EXPECT_EQ(all->info().inputs, (std::vector{Medium::text, Medium::text}));
  EXPECT_EQ(text_of(*all, 1, 1), "Dry.");
  EXPECT_EQ(label_of(*all, 0), 1);
}

TEST_F(CsvTexts, AZeroByteIsNamedByItsLine) {
  using namespace std::string_view_literals;
  const DatasetPtr all = open("text,label\ngood,1\nb\0d,0\n"sv).all;  // the text is refused where it is read
  EXPECT_EQ(text_of(*all, 1), "b\0d"sv);
  EXPECT_EQ(all->get(1)->id(), "t.csv:3");
  EXPECT_TRUE(has_text(refusal("text,label\ngood,1\nbad,\0\n"sv), "t.csv:3: a zero byte in column 'label'"));
  EXPECT_TRUE(has_text(refusal("text,la\0bel\ngood,1\n"sv), "t.csv:1: a zero byte"));
  EXPECT_TRUE(has_text(refusal("\xFF\xFEt\0e\0x\0t\0"sv), "UTF-16"));
}

TEST_F(CsvTexts, AColumnThatIsNotThereIsAMistakenWish) {
  for (const TableOptions& options :
       {TableOptions{.texts = {"body"}}, TableOptions{.targets = {"stars"}}, TableOptions{.group = "author"}}) {
    try {
      open("text,label\ngood,1\nbad,0\n", options);
      ADD_FAILURE() << "an unknown column";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
      EXPECT_TRUE(has_text(error.what(), "text, label")) << error.what();
    }
  }
}

TEST_F(CsvTexts, HaveNoUseForAFolderOfPictures) {
  EXPECT_TRUE(has_text(refusal("text,label\ngood,1\nbad,0\n", {.images = "folder"}), "images: has no effect"));
}

TEST_F(CsvTexts, ColumnsCanBeAskedFor) {
  const std::string table = "title,body,label\nA short one,and some more of it,x\nNo more,than this one here,y\n";
  EXPECT_EQ(text_of(*open(table, {.texts = {"title"}}).all, 0), "A short one");
  EXPECT_TRUE(has_text(refusal(table, {.texts = {"titel"}}), "no column 'titel'; did you mean 'title'"))
      << refusal(table, {.texts = {"titel"}});
  EXPECT_TRUE(has_text(refusal(table, {.texts = {"titel"}}), "title, body, label"));
  EXPECT_TRUE(has_text(refusal(table, {.targets = {"title"}, .texts = {"title"}}), "has the texts"));
  EXPECT_TRUE(has_text(refusal(table, {.texts = {"title", "title"}}), "twice"));
}

TEST_F(CsvTexts, TheColumnWithMostToReadIsChosenAndSaid) {
  const DatasetPtr all = open("opinion,stars\nI did not like this at all,1.5\nIt was very good to me,4.5\n").all;
  EXPECT_EQ(text_of(*all, 0), "I did not like this at all");
  EXPECT_TRUE(has_text(listener_.notices.front(), "texts: opinion")) << listener_.notices.front();
}

TEST_F(CsvTexts, UnusedColumnsAreListed) {
  open("text,label,annotator,year\nsome words,a,x,1999\nother words,b,y,2001\n");
  EXPECT_TRUE(has_text(listener_.notices.front(), "not used: annotator, year")) << listener_.notices.front();
}

TEST_F(CsvTexts, TextsAndLabelsNeedNoHeader) {
  const DatasetPtr all = open("a fine film\t1\ntoo long by half\t0\nnot bad at all\t1\n", {}, "t.tsv").all;
  EXPECT_EQ(all->size(), 3U);
  EXPECT_EQ(text_of(*all, 0), "a fine film");
  EXPECT_EQ(names_of(*all), (Names{"0", "1"}));
  EXPECT_EQ(all->get(0)->id(), "t.tsv:1");
  EXPECT_TRUE(has_text(listener_.notices.front(), "no line with the names of columns")) << listener_.notices.front();
}

TEST_F(CsvTexts, AHeaderWithAFirstLineOfProseStaysAHeader) {
  EXPECT_EQ(open("sentence\tlabel\na fine film\t1\ntoo long by half\t0\n", {}, "t.tsv").all->size(), 2U);
  EXPECT_EQ(open("what people said\tverdict\na fine film\t1\ntoo long by half\t0\n", {}, "t.tsv").all->size(), 2U);
}

TEST_F(CsvTexts, LinesOfJsonAreATable) {
  const DatasetPtr all =
      open(
          "{\"text\": \"ol\\u00e1, tudo bem\", \"label\": \"pt\"}\n\n{\"label\": \"en\", \"text\": \"hi\", \"n\": 3}\n",
          {}, "t.jsonl")
          .all;
  EXPECT_EQ(text_of(*all, 0), "ol\xC3\xA1, tudo bem");
  EXPECT_EQ(names_of(*all), (Names{"en", "pt"}));
  EXPECT_EQ(all->get(1)->id(), "t.jsonl:3");
  EXPECT_TRUE(has_text(listener_.notices.front(), "not used: n")) << listener_.notices.front();
}

TEST_F(CsvTexts, ALabelOfSeveralIsAListInJson) {
  const DatasetPtr all =
      open("{\"text\": \"one two\", \"labels\": [\"a\", \"b\"]}\n{\"text\": \"three\", \"labels\": [\"b\"]}\n", {},
           "t.jsonl")
          .all;
  EXPECT_EQ(all->info().target.kind, kMultiLabelTarget);
  EXPECT_EQ(testing::numbers_of(*all, 0), (std::vector<float>{1, 1}));
}

TEST_F(CsvTexts, JsonThatIsNoneIsRefusedByLine) {
  EXPECT_TRUE(has_text(refusal("{\"text\": \"a\"}\n[1]\n", {}, "t.jsonl"), "t.jsonl:2"));
  EXPECT_TRUE(has_text(refusal("{\"text\": \"a\"}\n{\"text\": \n", {}, "t.jsonl"), "t.jsonl:2"));
  EXPECT_TRUE(has_text(refusal("\n", {}, "t.jsonl"), "an empty file"));
}

TEST_F(CsvTexts, BrokenTablesAreRefusedByLine) {
  EXPECT_TRUE(has_text(refusal("text,label\none two,a\nthree,b,c\n"), "t.csv:3"));
  EXPECT_TRUE(has_text(refusal("text,label\n\"one two,a\nthree,b\n"), "an unclosed quote"));
  EXPECT_TRUE(has_text(refusal("text,label\none two,\n"), "an empty cell in column 'label'"));
  EXPECT_TRUE(has_text(refusal("text\none two three\nfour five six\n"), "next to the texts"));
}

TEST_F(CsvTexts, QuotesThatSomebodyWroteStayBetweenTabs) {
  const DatasetPtr all =
      open("text\tlabel\n\"fine\" she said\t1\n\"so dull\t0\nhe said \"no\"\t0\n\"well \"\"put\"\"\"\t1\n", {}, "t.tsv")
          .all;
  ASSERT_EQ(all->size(), 4U);
  EXPECT_EQ(text_of(*all, 0), "\"fine\" she said");
  EXPECT_EQ(text_of(*all, 1), "\"so dull");
  EXPECT_EQ(text_of(*all, 3), "well \"put\"");
}

TEST_F(CsvTexts, ATableForEachPartIsOneDataSet) {
  place_.write("set/train.tsv", "a fine film\t1\ntoo long by half\t0\nnot bad at all\t1\n");
  place_.write("set/dev.tsv", "well made and well meant\t1\nso very dull\t0\nas dull as that\t0\n");
  const std::string test = place_.write("set/test.tsv", "never seen such a film\t0\nnor such a one\t1\n");
  const DataParts parts = open_data(std::filesystem::path(test).parent_path(), {}, listener_);
  ASSERT_TRUE(parts.has_parts());
  EXPECT_EQ(parts.train->size(), 3U);
  EXPECT_EQ(parts.validation->size(), 3U);
  EXPECT_EQ(parts.test->get(0)->id(), "test.tsv:1");
  EXPECT_EQ(names_of(*parts.train), (Names{"0", "1"}));
}

TEST_F(CsvTexts, AClassThatOnlyTheTestPartHasIsRefused) {
  const std::string text = refusal("text,label,split\none,a,train\ntwo,b,train\nthree,c,test\n");
  EXPECT_NE(text.find("t.csv:4"), std::string::npos) << text;
  EXPECT_NE(text.find("the class 'c' in the test part"), std::string::npos) << text;
}

TEST_F(CsvTexts, PartsWithOtherColumnsAreRefused) {
  place_.write("set/train.csv", "text,label\none,a\ntwo,b\n");
  const std::string test = place_.write("set/test.csv", "text\nthree\n");
  EXPECT_THROW(open_data(std::filesystem::path(test).parent_path(), {}, listener_), Error);
}

TEST_F(CsvTexts, GroupsAndPartsAreColumnsAsForFiles) {
  const DataParts parts = open("text,label,group,split\none,a,x,train\ntwo,b,x,train\nthree,a,y,test\n");
  EXPECT_EQ(parts.train->size(), 2U);
  EXPECT_EQ(parts.train->get(1)->group(), "x");
}

TEST_F(CsvTexts, FoldersOfTextFilesAreClasses) {
  place_.write("reviews/pos/1.txt", "good");
  place_.write("reviews/pos/2.txt", "fine");
  const std::string file = place_.write("reviews/neg/1.txt", "bad");
  const DatasetPtr all = open_data(std::filesystem::path(file).parent_path().parent_path(), {}, listener_).all;
  EXPECT_EQ(all->info().inputs, std::vector{Medium::text});
  EXPECT_EQ(names_of(*all), (Names{"neg", "pos"}));
  EXPECT_EQ(text_of(*all, 1), "good");
}

}  // namespace
}  // namespace enxerto
