#include "enxerto/base/lower_case.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(LowerCase, ChangesTheLettersOfAsciiAlone) {
  EXPECT_EQ(lower_case("Train_01.PNG [@`{"), "train_01.png [@`{");
  EXPECT_EQ(lower_case("\xC3\x89t\xC3\xA9"), "\xC3\x89t\xC3\xA9");
  EXPECT_EQ(lower_case(""), "");
}

}  // namespace
}  // namespace enxerto
