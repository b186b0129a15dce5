#include "enxerto/data/unlabelled_texts.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

std::string text_of(const DatasetPtr& dataset, std::size_t position, std::size_t field = 0) {
  const Field read = dataset->get(position)->field(field);
  const auto bytes = read.bytes.as<std::uint8_t>();
  return {bytes.begin(), bytes.end()};
}

TEST(UnlabelledTexts, EachLineIsAText) {
  const DatasetPtr lines = text_lines("\xEF\xBB\xBFgood film\r\n\n  bad\tone", "-");
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ(text_of(lines, 0), "good film");
  EXPECT_EQ(text_of(lines, 1), "  bad\tone");
  EXPECT_EQ(lines->get(1)->id(), "-:3");
  EXPECT_EQ(lines->info().inputs, std::vector{Medium::text});
}

TEST(UnlabelledTexts, LinesOfJsonHaveThemByKey) {
  const DatasetPtr one = text_lines("{\"id\": 1, \"review\": \"good\"}\n", "-");
  EXPECT_EQ(text_of(one, 0), "good");
  const DatasetPtr two = text_lines("{\"premise\": \"a\", \"hypothesis\": \"b\"}\n", "-");
  EXPECT_EQ(two->info().inputs.size(), 2U);
  EXPECT_EQ(text_of(two, 0, 1), "b");
}

TEST(UnlabelledTexts, ATableHasThemInAColumn) {
  testing::Workplace place;
  EXPECT_EQ(text_of(text_table(place.write("t.csv", "id,text\n1,\"so, so\"\n")), 0), "so, so");
  EXPECT_EQ(text_of(text_table(place.write("u.csv", "opinion\nfine\n")), 0), "fine");
}

TEST(UnlabelledTexts, ColumnsThatWereLearnedFromComeBeforeOthers) {
  const DatasetPtr titles = text_lines("{\"text\": \"long\", \"title\": \"short\"}\n", "-", {"title"});
  EXPECT_EQ(text_of(titles, 0), "short");
  const DatasetPtr others = text_lines("{\"text\": \"long\", \"id\": \"1\"}\n", "-", {"title"});
  EXPECT_EQ(text_of(others, 0), "long");
}

TEST(UnlabelledTexts, ANumberInAPlaceOfATextIsRefusedByLine) {
  for (const char* line : {"{\"text\": 5}", "{\"text\": [\"a\"]}", "{\"text\": true}"}) {
    try {
      text_lines(std::string("{\"text\": \"a\"}\n") + line, "lines");
      ADD_FAILURE() << line;
    } catch (const Error& error) {
      EXPECT_EQ(error.text().where, "lines:2");
    }
  }
}

TEST(UnlabelledTexts, WhatHasNoTextsIsRefused) {
  EXPECT_THROW(text_lines(" \n", "-"), Error);
  EXPECT_THROW(text_lines("{\"a\": 1, \"b\": 2}", "-"), Error);
  EXPECT_THROW(text_lines("{\"text\": \"x\"}\nplain", "-"), Error);
}

}  // namespace
}  // namespace enxerto
