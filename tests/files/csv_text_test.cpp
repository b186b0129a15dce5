#include "enxerto/files/csv_text.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(CsvText, DoublesQuotesInsideOfQuotes) {
  EXPECT_EQ(csv_quoted("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
  EXPECT_EQ(csv_quoted(""), "\"\"");
}

TEST(CsvText, QuotesAFieldWhereItHasTo) {
  EXPECT_EQ(csv_field("cat 1"), "cat 1");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a\rb"), "\"a\rb\"");
  EXPECT_EQ(csv_field("6\""), "\"6\"\"\"");
}

}  // namespace
}  // namespace enxerto
