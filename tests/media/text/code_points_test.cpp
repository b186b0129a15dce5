#include "enxerto/media/text/code_points.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(CodePoints, BeginWhereCharactersBegin) {
  EXPECT_EQ(code_point_begins("a\xC3\xA1\xF0\x9F\x98\x80."), (std::vector<std::size_t>{0, 1, 3, 7, 8}));
  EXPECT_EQ(code_point_begins(""), (std::vector<std::size_t>{0}));
}

}  // namespace
}  // namespace enxerto
