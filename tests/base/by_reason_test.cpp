#include "enxerto/base/by_reason.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(ByReason, SaysOnceWhatIsWrongWithSeveralTheMostFrequentFirst) {
  const std::vector<Reason> found =
      by_reason({{"a.jpg", "a.jpg: too short"}, {"b.jpg", "b.jpg: a text file"}, {"c.jpg", "a text file"}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "a text file");
  EXPECT_EQ(found[0].names, (std::vector<std::string>{"b.jpg", "c.jpg"}));
  EXPECT_EQ(found[1].text, "too short");
  EXPECT_TRUE(by_reason({}).empty());
}

}  // namespace
}  // namespace enxerto
