#include "enxerto/data/unlabelled_texts.h"

#include <fmt/format.h>
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

std::string reason_against(const DatasetPtr& dataset, std::size_t position) {
  try {
    (void)dataset->get(position)->field(0);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  ADD_FAILURE() << "example " << position << " can be read";
  return "";
}

TEST(UnlabelledTexts, ANumberInAPlaceOfATextIsRefusedByLine) {
  for (const char* line : {"{\"text\": 5}", "{\"text\": [\"a\"]}", "{\"text\": true}"}) {
    const DatasetPtr lines = text_lines(std::string("{\"text\": \"a\"}\n") + line, "lines");
    EXPECT_EQ(lines->get(1)->id(), "lines:2");
    EXPECT_TRUE(reason_against(lines, 1).starts_with("lines:2: a ")) << reason_against(lines, 1);
  }
}

TEST(UnlabelledTexts, ALineThatCannotBeReadIsNoHindranceToOthers) {
  testing::Workplace place;
  const std::string text = "{\"text\": \"good\"}\n{\"text\": \"unclosed\n[1]\n\n{\"text\": \"bad\"}\n";
  for (const DatasetPtr& lines : {text_lines(text, "t.jsonl"), text_table(place.write("t.jsonl", text))}) {
    ASSERT_EQ(lines->size(), 4U);
    EXPECT_EQ(text_of(lines, 0), "good");
    EXPECT_NE(reason_against(lines, 1).find("t.jsonl:2"), std::string::npos) << reason_against(lines, 1);
    EXPECT_NE(reason_against(lines, 2).find("t.jsonl:3: array"), std::string::npos) << reason_against(lines, 2);
    EXPECT_EQ(text_of(lines, 3), "bad");
    EXPECT_EQ(lines->get(3)->id(), "t.jsonl:5");
  }
  const DatasetPtr rows = text_table(place.write("t.csv", "text,n\ngood,1\nbad\nfine,2\n"));
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_NE(reason_against(rows, 1).find("t.csv:3: 1 fields"), std::string::npos) << reason_against(rows, 1);
  EXPECT_EQ(text_of(rows, 2), "fine");
}

TEST(UnlabelledTexts, WhereNoLineCanBeReadTheFirstIsNamed) {
  for (const char* text : {"{oh\n{no\n", "{\"text\": 1}\n"}) {
    try {
      text_lines(text, "lines");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_TRUE(error.text().where.starts_with("lines:1")) << error.what();
    }
  }
}

TEST(UnlabelledTexts, EndWithoutTheLineEndsBehindThem) {
  testing::Workplace place;
  EXPECT_EQ(text_of(text_lines("{\"text\": \"good film\\n\"}", "-"), 0), "good film");
  EXPECT_EQ(text_of(text_table(place.write("t.csv", "text\n\"good\nfilm\r\n\"\n")), 0), "good\nfilm");
}

TEST(UnlabelledTexts, APairWithoutATextCannotBeRead) {
  testing::Workplace place;
  const DatasetPtr rows = text_table(place.write("t.csv", "sentence1,sentence2\na,b\nc,\n"));
  EXPECT_NE(reason_against(rows, 1).find("t.csv:3: an empty text under 'sentence2'"), std::string::npos);
  TextLineReader reader("-", {"sentence1", "sentence2"});
  for (const char* const line : {R"({"sentence1": "x"})", R"({"sentence1": "x", "sentence2": " "})"})
    reader.add(line, reader.lines() + 1);
  const DatasetPtr lines = reader.take();
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NE(reason_against(lines, i).find("an empty text under 'sentence2'"), std::string::npos)
        << reason_against(lines, i);
}

TEST(TextLineReader, ReadsTextsAndObjectsInBlocks) {
  TextLineReader texts("-", {});
  texts.add("\xEF\xBB\xBFgood\r", 1);
  texts.add("  ", 2);
  const DatasetPtr first = texts.take();
  EXPECT_EQ(text_of(first, 0), "good");
  EXPECT_EQ(first->size(), 1U);
  EXPECT_EQ(texts.take(), nullptr);
  texts.add("{curly} is no object", 3);
  const DatasetPtr second = texts.take();
  EXPECT_EQ(text_of(second, 0), "{curly} is no object");
  EXPECT_EQ(second->get(0)->id(), "-:3");
  EXPECT_EQ(texts.lines(), 2U);
  TextLineReader objects("-", {"title"});
  objects.add(R"({"text": "long", "title": "short"})", 1);
  objects.add(R"({"text": "long"})", 2);
  const DatasetPtr read = objects.take();
  EXPECT_EQ(text_of(read, 0), "short");
  EXPECT_THROW((void)read->get(1)->field(0), Error) << "no other field is taken for the one that is missing";
}

TEST(TextLineReader, TakesNoIdAndNoAnswerForTheText) {
  for (const char* name : {"id", "label", "tags"}) {
    TextLineReader reader("standard input", {"text"});
    reader.add(R"({"id": "a7", "text": "fine"})", 1);
    reader.add(fmt::format(R"({{"{}": "a8"}})", name), 2);
    const DatasetPtr block = reader.take();
    ASSERT_EQ(block->size(), 2U);
    EXPECT_NO_THROW((void)block->get(0)->field(0));
    EXPECT_THROW((void)block->get(1)->field(0), Error) << name;
  }
}

TEST(TextLineReader, CountsBlankLines) {
  TextLineReader reader("-", {});
  reader.add("one", 1);
  reader.add(" \r", 2);
  reader.add("two", 3);
  EXPECT_EQ(reader.lines(), 2U);
  EXPECT_EQ(reader.blanks(), 1U);
}

TEST(TextLineReader, TellsLinesOfTheOtherKindAndReadsOn) {
  TextLineReader curly("-", {});
  curly.add("{curly} start", 1);
  curly.add("my parcel", 2);
  curly.add(R"({"text": "an object"})", 3);
  curly.add_too_long(4, 1024);
  curly.add("behind it", 5);
  const DatasetPtr lines = curly.take();
  ASSERT_EQ(lines->size(), 5U);
  EXPECT_TRUE(reason_against(lines, 0).starts_with("-:1: ")) << reason_against(lines, 0);
  EXPECT_EQ(text_of(lines, 1), "my parcel");
  EXPECT_NE(reason_against(lines, 2).find("-:3: an object of JSON behind lines of plain text"), std::string::npos);
  EXPECT_NE(reason_against(lines, 3).find("-:4: a line of more than 1"), std::string::npos) << reason_against(lines, 3);
  EXPECT_EQ(text_of(lines, 4), "behind it");
  TextLineReader objects("-", {});
  objects.add(R"({"text": "x"})", 1);
  objects.add("plain", 2);
  EXPECT_TRUE(reason_against(objects.take(), 1).starts_with("-:2")) << "as a bad line of JSON";
}

TEST(UnlabelledTexts, WhatHasNoTextsIsRefused) {
  EXPECT_THROW(text_lines(" \n", "-"), Error);
  EXPECT_THROW(text_lines("{\"a\": 1, \"b\": 2}", "-"), Error);
  EXPECT_NE(reason_against(text_lines("{\"text\": \"x\"}\nplain", "-"), 1).find("-:2"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
