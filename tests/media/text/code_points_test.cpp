#include "enxerto/media/text/code_points.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::string refused_bytes(std::string_view text) {
  try {
    require_utf8(text, "a.txt");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(CodePoints, BeginWhereCharactersBegin) {
  EXPECT_EQ(code_point_begins("a\xC3\xA1\xF0\x9F\x98\x80."), (std::vector<std::size_t>{0, 1, 3, 7, 8}));
  EXPECT_EQ(code_point_begins(""), (std::vector<std::size_t>{0}));
}

TEST(CodePoints, AnyScriptIsUtf8) { EXPECT_EQ(refused_bytes("ol\xC3\xA1 \xE4\xBD\xA0 \xF0\x9F\x98\x80\r\n\t"), ""); }

TEST(CodePoints, AByteOfAnotherEncodingIsNamedWithLineAndByte) {
  const std::string text = refused_bytes("one\nol\xE1 two");
  EXPECT_NE(text.find("a.txt"), std::string::npos);
  EXPECT_NE(text.find("0xE1 at line 2, byte 3"), std::string::npos) << text;
}

TEST(CodePoints, AZeroByteIsNoText) {
  EXPECT_NE(refused_bytes(std::string_view("a\0b", 3)).find("a zero byte at line 1, byte 2"), std::string::npos);
}

TEST(CodePoints, SurrogatesAndOverlongFormsAreNoUtf8) {
  EXPECT_NE(refused_bytes("\xED\xA0\x80"), "");
  EXPECT_NE(refused_bytes("\xC0\xAF"), "");
}

}  // namespace
}  // namespace enxerto
