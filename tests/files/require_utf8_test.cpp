#include "enxerto/files/require_utf8.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using namespace std::string_view_literals;

std::string refused_bytes(std::string_view text) {
  try {
    require_utf8(text, "a.txt");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(RequireUtf8, AnyScriptIsUtf8) { EXPECT_EQ(refused_bytes("ol\xC3\xA1 \xE4\xBD\xA0 \xF0\x9F\x98\x80\r\n\t"), ""); }

TEST(RequireUtf8, AByteOfAnotherEncodingIsNamedWithLineAndByte) {
  const std::string text = refused_bytes("one\nol\xE1 two");
  EXPECT_NE(text.find("a.txt"), std::string::npos);
  EXPECT_NE(text.find("0xE1 at line 2, byte 3"), std::string::npos) << text;
}

TEST(RequireUtf8, AZeroByteIsNoText) {
  EXPECT_NE(refused_bytes(std::string_view("a\0b", 3)).find("a zero byte at byte 2"), std::string::npos);
}

TEST(RequireUtf8, SurrogatesAndOverlongFormsAreNoUtf8) {
  EXPECT_NE(refused_bytes("\xED\xA0\x80"), "");
  EXPECT_NE(refused_bytes("\xC0\xAF"), "");
}

TEST(RequireUtf8, TheWordIsShownAsWindows1252HasIt) {
  EXPECT_NE(refused_bytes("1.jpg,p\xE1ssaro\n").find("'p\xC3\xA1ssaro'"), std::string::npos);
  EXPECT_NE(refused_bytes("5 \x80").find("'\xE2\x82\xAC'"), std::string::npos) << refused_bytes("5 \x80");
  EXPECT_EQ(refused_bytes("\x81").find("Windows-1252 the word"), std::string::npos) << "which has no such byte";
}

TEST(RequireUtf8, TextInUtf16IsCalledThat) {
  EXPECT_NE(refused_bytes("\xFF\xFE"
                          "a\0b\0"sv)
                .find("text in UTF-16"),
            std::string::npos);
  EXPECT_NE(refused_bytes("\xFE\xFF\0a"sv).find("iconv -f UTF-16 -t UTF-8"), std::string::npos);
  EXPECT_TRUE(is_utf16("a\0b\0"sv));
  EXPECT_FALSE(is_utf16("a,b\n1,\0\n"sv));
}

}  // namespace
}  // namespace enxerto
