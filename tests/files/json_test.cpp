#include "enxerto/files/json.h"

#include <gtest/gtest.h>

#include "tests/files/thrown.h"

namespace enxerto {
namespace {

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, KeepsTheOrderOfKeysAndAllKindsOfValues) {
  const std::string text = R"({"z":[1,-2,2.5,true,null,"ä\n"],"a":{},"m":18446744073709551615})";
  EXPECT_EQ(parse_json(text, "test").dump(), text);
  EXPECT_EQ(parse_json("7", "test"), Json(7));
}

TEST(Json, RefusesADuplicateKeyAtAnyDepth) {
  expect_says(thrown_by([] { parse_json(R"({"a":1,"a":2})", "f.json"); }), ErrorKind::data,
              "f.json: key 'a' appears twice");
  expect_says(thrown_by([] { parse_json(R"([{"b":{"a":1,"c":0,"a":2}}])", "f"); }), ErrorKind::data, "'a'");
  EXPECT_EQ(parse_json(R"({"a":{"a":1},"b":{"a":2}})", "f").size(), 2U);
}

TEST(Json, RefusesWhatIsNoStrictJsonInUtf8) {
  for (const std::string text : {"", " ", "{", "{} {}", "[1,]", "{'a':1}", "// c\n1", "nan", "01", "\"\xff\"",
                                 "\"\x01\"", "1e999", "tru", "[1 2]", "\"\\ud800\"", "\xff\xfe"}) {
    expect_says(thrown_by([&] { parse_json(text, "f", ErrorKind::weights); }), ErrorKind::weights, "is not valid JSON");
  }
}

TEST(Json, ShowsWhatIsNotUtf8AsUtf8) {
  try {
    parse_json("{\"a\": \xff}", "f");
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.text().found.find('\xff'), std::string::npos);
    EXPECT_NE(error.text().found.find("the byte 0xFF"), std::string::npos);
  }
}

TEST(Json, TellsOfAnEncodingOnlyWhereThatIsWrong) {
  expect_says(thrown_by([] { parse_json("{\xC3\xA9}", "f"); }), ErrorKind::data, "is not valid JSON at byte 2");
  expect_says(thrown_by([] { parse_json("{\"a\": ", "f"); }), ErrorKind::data, "is not valid JSON at byte");
}

TEST(Json, RefusesTextBehindAZeroByte) {
  expect_says(thrown_by([] { parse_json(std::string_view("{}\0garbage", 10), "f"); }), ErrorKind::data,
              "zero byte at offset 2");
}

TEST(Json, AllowsSixtyFourLevelsAndNoMore) {
  EXPECT_NO_THROW(parse_json(nested(64), "f"));
  expect_says(thrown_by([] { parse_json(nested(65), "f"); }), ErrorKind::data, "nested too deeply");
  expect_says(thrown_by([] { parse_json(std::string(1'000'000, '['), "f"); }), ErrorKind::data, "nested too deeply");
}

TEST(Json, ReadsAnObjectOfManyKeysInLinearTime) {
  std::string text = "{\"0\":0";
  for (int i = 1; i < 100'000; ++i) text += ",\"" + std::to_string(i) + "\":0";
  EXPECT_EQ(parse_json(text + "}", "f").size(), 100'000U);
}

TEST(Json, NamesAMissingMember) {
  const Json object = parse_json(R"({"a":1})", "f");
  EXPECT_EQ(member<int>(object, "a", "f"), 1);
  expect_says(thrown_by([&] { member<int>(object, "b", "f"); }), ErrorKind::data, "'b'");
  expect_says(thrown_by([&] { member<std::string>(object, "a", "f"); }), ErrorKind::data, "'a'");
  expect_says(thrown_by([&] { member<int>(Json(3), "a", "f"); }), ErrorKind::data, "'a'");
}

}  // namespace
}  // namespace enxerto
