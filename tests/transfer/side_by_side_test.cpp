#include "enxerto/transfer/side_by_side.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

int parts(int threads, std::int64_t batch, std::uint64_t learned, const TrainerOptions& more = {}) {
  TrainerOptions options = more;
  options.threads = threads;
  return parts_side_by_side(options, Graph{}, {.batch_size = batch, .learned_values = learned});
}

TEST(PartsSideBySide, AreAsManyAsThereAreThreads) {
  EXPECT_EQ(parts(1, 32, 1000), 1);
  EXPECT_EQ(parts(2, 32, 1000), 2);
  EXPECT_EQ(parts(8, 32, 1000), 8);
}

TEST(PartsSideBySide, AreFewerOfSmallBatchesAndOfLargeNetworks) {
  EXPECT_EQ(parts(8, 12, 1000), 3);
  EXPECT_EQ(parts(8, 3, 1000), 1);
  EXPECT_EQ(parts(8, 32, 30'000'000), 3);
  EXPECT_EQ(parts(8, 32, 138'000'000), 1);
}

TEST(PartsSideBySide, AreNoneWherePartsDependOnEachOther) {
  EXPECT_EQ(parts(8, 32, 1000, {.device = Device::cuda}), 1);
  EXPECT_EQ(parts(8, 32, 1000, {.carried = {{.input = "h", .output = "h2"}}}), 1);
}

TEST(PartsSideBySide, AreNoneOfALossThatComparesTheExamplesOfABatch) {
  const TrainerOptions options{.threads = 8};
  EXPECT_EQ(parts_side_by_side(options, Graph{}, {.learned_values = 1000}), 8);
  EXPECT_EQ(parts_side_by_side(options, Graph{}, {.learned_values = 1000, .compares_examples = true}), 1);
}

}  // namespace
}  // namespace enxerto
