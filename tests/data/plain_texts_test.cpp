#include "enxerto/data/plain_texts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "enxerto/data/open.h"
#include "enxerto/data/pieces.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/text/learned_vocabulary.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "tests/data/workplace.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using testing::Workplace;

const TableOptions kTexts{.kind = std::string(kTextTarget)};
const TableOptions kLines{.kind = std::string(kTextTarget), .documents = "lines"};

std::string text_of_field(const Dataset& dataset, std::size_t position) {
  const Tensor bytes = dataset.get(position)->field(0).bytes;
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

PreprocessorPtr of_five() { return text_preprocessor({.tokenizer = byte_tokenizer(), .max_length = 5}, "t"); }

TEST(PlainTexts, EndTheirLinesAsOthersDoWithNothingBeforeTheFirst) {
  const Workplace place;
  place.write("book.txt", "\xEF\xBB\xBFone\r\ntwo\rthree\r\n");
  const DataParts book = open_data(place.path() / "book.txt", kTexts);
  EXPECT_EQ(text_of_field(*book.all, 0), "one\ntwo\rthree") << "the last end of a line is none of the text";
}

TEST(PlainTexts, AreAFileAFolderOrTheLinesOfThem) {
  const Workplace place;
  place.write("book.txt", "one\n\ntwo");
  place.write("more/a.txt", "three\n");
  place.write("more/b/c.txt", "four\nfive\n");
  const DataParts book = open_data(place.path() / "book.txt");
  EXPECT_EQ(book.format, "text files");
  EXPECT_EQ(book.all->info().target, text_target());
  EXPECT_EQ(text_of_field(*book.all, 0), "one\n\ntwo");
  EXPECT_EQ(open_data(place.path() / "book.txt", kLines).all->size(), 2U) << "blank lines are none";
  EXPECT_EQ(open_data(place.path() / "more", kTexts).all->size(), 2U);
  EXPECT_EQ(open_data(place.path() / "more", kLines).all->size(), 3U);
}

TEST(PlainTexts, AreTheTextsOfATableWhateverItsLabels) {
  const Workplace place;
  place.write("t.csv", "text,label\none,0\ntwo,1\n");
  place.write("t.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n");
  for (const char* name : {"t.csv", "t.jsonl"}) {
    const DataParts table = open_data(place.path() / name, kTexts);
    ASSERT_EQ(table.all->size(), 2U) << name;
    EXPECT_EQ(text_of_field(*table.all, 1), "two") << name;
  }
  EXPECT_EQ(open_data(place.path() / "t.csv").all->info().target.kind, kClassTarget)
      << "labels, where nothing is asked";
}

TEST(PlainTexts, RefuseWhatTheyAreNot) {
  const Workplace place;
  place.write("empty.txt", " \n");
  place.write("pairs.csv", "sentence1,sentence2\na,b\n");
  place.write("t.csv", "text\na\n");
  expect_says(thrown_by([&] { (void)open_data(place.path() / "empty.txt", kLines); }), ErrorKind::data, "no texts");
  expect_says(thrown_by([&] { (void)open_data(place.path() / "pairs.csv", kTexts); }), ErrorKind::usage, "two columns");
  expect_says(thrown_by([&] { (void)open_data(place.path() / "t.csv", kLines); }), ErrorKind::usage, "documents");
  place.write("boxes.json", "{\"images\": []}");
  expect_says(thrown_by([&] { (void)open_data(place.path() / "boxes.json", kTexts); }), ErrorKind::data, "JSON");
  TableOptions wrong = kTexts;
  wrong.documents = "line";
  expect_says(thrown_by([&] { (void)open_data(place.path() / "empty.txt", wrong); }), ErrorKind::usage, "lines");
}

TEST(Pieces, OfFewDocumentsGoOnFromOneAnotherAndOfManyBelongTogether) {
  const Workplace place;
  for (int i = 0; i < 12; ++i) place.write("many/" + std::to_string(i) + ".txt", i == 0 ? "abc defg" : "abc");
  place.write("book.txt", "abc defg hij");
  const Pieces one = in_pieces(open_data(place.path() / "book.txt").all, *of_five());
  EXPECT_TRUE(one.dataset->info().in_order);
  ASSERT_EQ(one.dataset->size(), 3U);
  EXPECT_TRUE(one.dataset->get(1)->id().ends_with("book.txt#2")) << one.dataset->get(1)->id();
  EXPECT_EQ(text_of_field(*one.dataset, 1), "defg");
  EXPECT_EQ(one.dataset->get(1)->group(), "");
  const Pieces many = in_pieces(open_data(place.path() / "many", kTexts).all, *of_five());
  EXPECT_FALSE(many.dataset->info().in_order);
  EXPECT_EQ(many.dataset->size(), 13U);
  EXPECT_EQ(many.first.back(), 13U);
  EXPECT_EQ(many.dataset->get(0)->group(), many.dataset->get(1)->group());
  EXPECT_NE(many.dataset->get(0)->group(), "");
  EXPECT_EQ(many.dataset->get(2)->group(), "") << "a document in one piece stands alone";
}

TEST(Pieces, HaveTheirBytesTheirTokensAndTheSurpriseByFrequencies) {
  const Workplace place;
  place.write("book.txt", "aab");
  const Pieces pieces = in_pieces(open_data(place.path() / "book.txt").all, *of_five());
  ASSERT_EQ(pieces.dataset->size(), 1U);
  const auto facts = pieces.dataset->target(0).as<float>();
  EXPECT_EQ(facts[0], 3);
  EXPECT_NEAR(facts[1], -2 * std::log(2.0 / 3) - std::log(1.0 / 3), 1e-5);
  EXPECT_EQ(facts[2], 3);
}

}  // namespace
}  // namespace enxerto
