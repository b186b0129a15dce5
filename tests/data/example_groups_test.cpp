#include "enxerto/data/example_groups.h"

#include <gtest/gtest.h>

#include <numeric>

#include "enxerto/base/error.h"
#include "tests/data/made_dataset.h"

namespace enxerto {
namespace {

ExampleGroups groups_of(const std::string& pattern) {
  const testing::MadeDataset data({"a", "b"}, {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, "scan");
  std::vector<std::size_t> all(data.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return example_groups(data, all, pattern);
}

TEST(ExampleGroups, AreWhatThePatternFindsInThePaths) {
  const ExampleGroups found = groups_of("scan([0-9])[0-9]?$");
  EXPECT_EQ(found.groups, 10U);
  EXPECT_EQ(found.largest, 3U);
  EXPECT_EQ(found.names[1], "1");
  EXPECT_EQ(found.names[11], "1");
}

TEST(ExampleGroups, LeaveWhatFitsNoPatternAlone) {
  const ExampleGroups found = groups_of("scan(1)[0-9]");
  EXPECT_EQ(found.groups, 1U);
  EXPECT_EQ(found.alone, 10U);
  EXPECT_EQ(found.names[0], "");
}

TEST(ExampleGroups, AreNoneWhereTheDataSayNothing) {
  EXPECT_EQ(groups_of("").groups, 0U);
  EXPECT_TRUE(groups_of("").names.empty());
}

TEST(ExampleGroups, RefuseAPatternThatIsNoneOrFindsNothing) {
  for (const char* pattern : {"scan([0-9]", "(scan)([0-9])", "scan(?:1)", "(tiger)"}) {
    try {
      (void)groups_of(pattern);
      ADD_FAILURE() << pattern;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << pattern;
    }
  }
}

TEST(ExampleGroups, AreFoundOrRefusedInLinearTimeWhateverThePattern) {
  const std::string deep = std::string(50'000, '(') + std::string(50'000, ')');
  for (const std::string& pattern : {deep, std::string("((?:.*)*)z"), std::string("((a+)+)+$")})
    EXPECT_THROW((void)groups_of(pattern), Error) << pattern.substr(0, 20);
}

}  // namespace
}  // namespace enxerto
