#include "enxerto/base/duration.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

TEST(Duration, IsReadWithItsUnits) {
  EXPECT_EQ(seconds_of("90s", "limit"), 90);
  EXPECT_EQ(seconds_of("20m", "limit"), 1200);
  EXPECT_EQ(seconds_of("1h30m", "limit"), 5400);
  EXPECT_EQ(seconds_of("1.5h", "limit"), 5400);
}

TEST(Duration, IsRefusedWithoutAUnitOrAnAmount) {
  for (const char* text : {"", "20", "m", "0s", "-5m", "30m1h", "5m5m", "20 m", "20minutes", "inf", "nans", "1e400h"})
    EXPECT_THROW((void)seconds_of(text, "limit"), Error) << text;
}

TEST(Duration, IsWrittenAsPeopleSayIt) {
  EXPECT_EQ(duration_text(45.2), "45 s");
  EXPECT_EQ(duration_text(1200), "20 min");
  EXPECT_EQ(duration_text(3600), "1 h");
  EXPECT_EQ(duration_text(5400), "1 h 30 min");
}

}  // namespace
}  // namespace enxerto
