#include "enxerto/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/progress.h"

namespace enxerto {
namespace {

TEST(ParallelFor, DoesEveryStepOnce) {
  std::vector<std::atomic<int>> done(1000);
  parallel_for(4, done.size(), [&](std::size_t i) { ++done[i]; });
  for (const auto& count : done) EXPECT_EQ(count, 1);
}

TEST(ParallelFor, ThrowsTheExceptionOfTheLowestStep) {
  for (int round = 0; round < 20; ++round) {
    try {
      parallel_for(4, 100, [](std::size_t i) {
        if (i == 0 || i == 1) throw std::runtime_error(std::to_string(i));
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "0");
    }
  }
}

TEST(Threads, AreAtLeastOneAndAsAsked) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_EQ(resolve_threads(3), 3);
  EXPECT_EQ(resolve_threads(0), usable_cores());
}

TEST(Progress, StopsTheWorkOnceCancelled) {
  struct Cancelled : Progress {
    bool cancelled() const override { return true; }
  } progress;
  EXPECT_NO_THROW(throw_if_cancelled(no_progress()));
  EXPECT_THROW(throw_if_cancelled(progress), Error);
}

TEST(Error, SaysWhereWhatAndWhatToTryInOneLine) {
  const Error error(ErrorKind::data,
                    {.where = "a.jpg", .found = "truncated", .expected = "a whole picture", .tip = "--on-bad skip"});
  EXPECT_STREQ(error.what(), "a.jpg: truncated; expected a whole picture; try: --on-bad skip");
  EXPECT_EQ(error.exit_code(), 3);
}

}  // namespace
}  // namespace enxerto
