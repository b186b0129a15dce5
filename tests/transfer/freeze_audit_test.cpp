#include "enxerto/transfer/freeze_audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "tests/engine/small_networks.h"
#include "tests/files/thrown.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

/// The network with one bit of one value of a parameter turned round.
Graph with_one_bit_changed(Graph graph, const std::string& name) {
  const Tensor& before = graph.parameters.at(name);
  std::vector<float> values(before.as<float>().begin(), before.as<float>().end());
  values.back() = std::bit_cast<float>(std::bit_cast<std::uint32_t>(values.back()) ^ 1U);
  graph.parameters.set(name, Tensor::of<float>(before.shape(), std::span<const float>(values)));
  return graph;
}

TEST(FreezeAudit, FindsNothingWhereNothingChanged) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "head"});
  EXPECT_TRUE(audit_frozen(small_network(), small_network(), frozen).empty());
  EXPECT_EQ(frozen.size(), 10U);
}

TEST(FreezeAudit, FindsAParameterThatDriftedByOneBit) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "body"});
  const auto changes = audit_frozen(small_network(), with_one_bit_changed(small_network(), "conv1.weight"), frozen);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].name, "conv1.weight");
  EXPECT_NE(changes[0].how.find("1 of 108 values differ, the first at 107"), std::string::npos) << changes[0].how;
}

TEST(FreezeAudit, FindsARunningStatisticThatMovedInATrainedStage) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "body"});
  const auto changes = audit_frozen(small_network(), with_one_bit_changed(small_network(), "bn2.running_mean"), frozen);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].name, "bn2.running_mean");
}

TEST(FreezeAudit, LetsRunningStatisticsMoveWhereNormsAreTrained) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "body", .statistics_frozen = false});
  EXPECT_TRUE(audit_frozen(small_network(), with_one_bit_changed(small_network(), "bn2.running_mean"), frozen).empty());
  EXPECT_FALSE(
      audit_frozen(small_network(), with_one_bit_changed(small_network(), "bn1.running_mean"), frozen).empty());
}

TEST(FreezeAudit, LetsWhatIsTrainedChange) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "body"});
  for (const char* name : {"conv2.weight", "bn2.weight", "fc.bias"})
    EXPECT_TRUE(audit_frozen(small_network(), with_one_bit_changed(small_network(), name), frozen).empty()) << name;
}

TEST(FreezeAudit, HoldsScalesAndShiftsWhereTheyAreFrozen) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "body", .norms_frozen = true});
  EXPECT_EQ(audit_frozen(small_network(), with_one_bit_changed(small_network(), "bn2.weight"), frozen).size(), 1U);
}

TEST(FreezeAudit, FindsWhatIsMissingAndWhatHasAnotherShape) {
  Graph saved = small_network();
  saved.parameters.erase("conv1.weight");
  saved.parameters.set("bn1.bias", Tensor::of<float>({2}, {1, 2}));
  const auto changes = audit_frozen(small_network(), saved, frozen_tensors(small_network(), {.trained_from = "head"}));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].how, "shape (4) became (2)");
  EXPECT_EQ(changes[1].how, "missing");
}

TEST(FreezeAudit, AsksNothingOfAStageThatWasReplaced) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "head", .replaced = {"head"}});
  EXPECT_TRUE(std::ranges::none_of(frozen, [](const std::string& name) { return name.starts_with("fc"); }));
}

TEST(FreezeAudit, HoldsAllOfANetworkBehindWhichAHeadWasGrown) {
  const Graph headless = cut(small_network(), "head").prefix;
  EXPECT_EQ(frozen_tensors(headless, {.trained_from = "head", .replaced = {"head"}}).size(),
            headless.parameters.size());
}

TEST(FreezeAudit, FailsTheRunAndNamesTheTensor) {
  const auto frozen = frozen_tensors(small_network(), {.trained_from = "head"});
  EXPECT_NO_THROW(require_frozen(small_network(), small_network(), frozen, "model"));
  expect_says(thrown_by([&] {
                require_frozen(small_network(), with_one_bit_changed(small_network(), "bn1.running_var"), frozen,
                               "model");
              }),
              ErrorKind::weights, "bn1.running_var");
}

TEST(FreezeAudit, RefusesAStageThatIsNone) {
  EXPECT_THROW((void)frozen_tensors(small_network(), {.trained_from = "block9"}), Error);
}

TEST(HalvesAudit, FindsPrefixAndSuffixEqualToTheWhole) {
  const Graph network = testing::small_classifier();
  const TensorMap inputs{{"input", testing::tensor_of({2, 3, 8, 8}, 1)}};
  EXPECT_LE(audit_halves(network, "head", inputs), kHalvesTolerance);
  EXPECT_LE(audit_halves(network, "stem", inputs), kHalvesTolerance);
  EXPECT_NO_THROW(require_halves(network, "head", inputs, "model"));
}

TEST(HalvesAudit, FailsWhereAHalfGivesNoNumber) {
  Graph network = testing::small_classifier();
  network.parameters.set("fc.bias", Tensor::of<float>({5}, {NAN, 0, 0, 0, 0}));
  const TensorMap inputs{{"input", testing::tensor_of({2, 3, 8, 8}, 1)}};
  EXPECT_EQ(thrown_by([&] { require_halves(network, "head", inputs, "model"); }).kind(), ErrorKind::weights);
}

}  // namespace
}  // namespace enxerto
