#include "enxerto/graph/cost.h"

#include <gtest/gtest.h>

#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

TEST(Cost, CountsWhatEachStageCosts) {
  const std::vector<StageCost> rows = cost(small_network());
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].stage, "stem");
  EXPECT_EQ(rows[0].flops, 2U * 4 * 8 * 8 * 3 * 3 * 3);
  EXPECT_EQ(rows[0].parameters, 4U * 27 + 8);
  EXPECT_EQ(rows[0].parameter_bytes, (4U * 27 + 16) * 4);
  EXPECT_EQ(rows[0].entering_bytes, 3U * 8 * 8 * 4);
  EXPECT_EQ(rows[1].flops, 2U * 4 * 8 * 8 * 4);
  EXPECT_EQ(rows[2].flops, 2U * 4 * 5);
  EXPECT_EQ(rows[2].parameters, 25U);
  EXPECT_EQ(rows[2].entering_bytes, 4U * 8 * 8 * 4);
}

TEST(Cost, OfACacheIsOfTheSmallestValueBehindTheCut) {
  const Graph graph = small_network();
  EXPECT_EQ(cached_bytes(graph, "head"), 4U * 4) << "pooled, not the map before it";
  EXPECT_EQ(cached_bytes(graph, "stem"), 0U) << "nothing is frozen";
}

TEST(Cost, CountsTheTrainableNumbersOfAllStagesWithoutRunningStatistics) {
  EXPECT_EQ(trainable_count(small_network()), total(cost(small_network())).parameters);
}

TEST(Cost, IsKnownBeforeTheWeightsAre) {
  const StageCost before = total(cost(small_blueprint()));
  const StageCost after = total(cost(small_network()));
  EXPECT_EQ(before.flops, after.flops);
  EXPECT_EQ(before.parameters, after.parameters);
  EXPECT_EQ(before.parameter_bytes, after.parameter_bytes);
  EXPECT_EQ(before.entering_bytes, after.entering_bytes);
}

TEST(Cost, CountsASharedParameterOnce) {
  Graph graph = small_network();
  const std::uint64_t once = total(cost(graph)).parameters;
  graph.nodes.push_back({"again", "Conv", "head", {"act2", "conv2.weight"}, {"again"}, {}});
  EXPECT_EQ(total(cost(graph)).parameters, once);
}

}  // namespace
}  // namespace enxerto
