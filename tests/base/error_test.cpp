#include "enxerto/base/error.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(Error, SaysOnlyWhatItHas) {
  EXPECT_STREQ(Error(ErrorKind::other, {.where = "", .found = "stopped"}).what(), "stopped");
  EXPECT_STREQ(usage_error("--seed", "'x'").what(), "--seed: 'x'");
  EXPECT_STREQ(usage_error("--seed", "'x'", "a number", "--seed 1").what(),
               "--seed: 'x'; expected a number; try: --seed 1");
}

TEST(Error, IsOfTheKindThatItsFunctionIsNamedAfter) {
  EXPECT_EQ(usage_error("", "").kind(), ErrorKind::usage);
  EXPECT_EQ(data_error("", "").kind(), ErrorKind::data);
  EXPECT_EQ(weights_error("", "").kind(), ErrorKind::weights);
  EXPECT_EQ(disk_error("", "").kind(), ErrorKind::disk);
  EXPECT_EQ(network_error("", "").kind(), ErrorKind::network);
}

}  // namespace
}  // namespace enxerto
