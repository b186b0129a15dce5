#include "enxerto/base/few_names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace enxerto {
namespace {

TEST(FewNames, AreTheFirstFiveAndHowManyMoreThereAre) {
  std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
  EXPECT_EQ(few_names(names), "a, b, c, d, e, f") << "one name is as short as 'and 1 more'";
  names.insert(names.end(), 174, "g");
  EXPECT_EQ(few_names(names), "a, b, c, d, e and 175 more");
  EXPECT_EQ(few_names({}), "");
}

}  // namespace
}  // namespace enxerto
