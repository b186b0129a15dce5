#include "enxerto/base/utf8.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(AsUtf8, KeepsTextAndShowsBytesThatAreNone) {
  EXPECT_EQ(as_utf8("caf\xC3\xA9 \n"), "caf\xC3\xA9 \n");
  EXPECT_EQ(as_utf8("\xE8"), "\\xe8");
  EXPECT_NE(as_utf8("\xE8"), as_utf8("\xE9"));
  EXPECT_EQ(as_utf8("a\xC3"), "a\\xc3");
  EXPECT_EQ(as_utf8("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
}

}  // namespace
}  // namespace enxerto
