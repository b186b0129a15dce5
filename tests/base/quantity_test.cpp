#include "enxerto/base/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace enxerto {
namespace {

TEST(FormatBytes, ChoosesTheUnit) {
  EXPECT_EQ(format_bytes(12), "12 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1'536), "1.5 kB");
  EXPECT_EQ(format_bytes(250'000), "250 kB");
  EXPECT_EQ(format_bytes(999'600), "1.0 MB");
  EXPECT_EQ(format_bytes(18'600'000), "18.6 MB");
  EXPECT_EQ(format_bytes(7'000'000'000'000'000), "7000 TB");
}

TEST(FormatCount, PutsACommaAtEachThousand) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(12345678), "12,345,678");
}

TEST(Counted, ChoosesBetweenSingularAndPlural) {
  EXPECT_EQ(counted(0, "file"), "0 files");
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(60'000, "file"), "60,000 files");
  EXPECT_EQ(counted(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(counted(2, "entry", "entries"), "2 entries");
}

TEST(Percent, NeverRoundsUpToPerfection) {
  EXPECT_EQ(percent(0.8803), "88.0 %");
  EXPECT_EQ(percent(1), "100.0 %");
  EXPECT_EQ(percent(0.9999999999999999), "100.0 %");
  EXPECT_EQ(percent(0.9997), "99.97 %");
  EXPECT_EQ(percent(0), "0.0 %");
  EXPECT_EQ(percent(std::numeric_limits<double>::quiet_NaN()), "–");
}

}  // namespace
}  // namespace enxerto
