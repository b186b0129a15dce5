#include "enxerto/zoo/segmenters.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/head_kind.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kFineNormOfLraspp = 2 * 40;  // which torchvision's has not

/// As torchvision counts them without the auxiliary classifier.
TEST(Segmenters, HaveTheSizeOfTheirReference) {
  EXPECT_EQ(total(cost(fcn_resnet50({.size = 64}))).parameters, 32'957'013U);
  EXPECT_EQ(total(cost(deeplabv3_resnet50({.size = 64}))).parameters, 39'638'869U);
  EXPECT_EQ(total(cost(deeplabv3_mobilenet_v3_large({.size = 64}))).parameters, 11'025'477U);
  EXPECT_EQ(total(cost(lraspp_mobilenet_v3_large({.size = 64}))).parameters, 3'221'538U + kFineNormOfLraspp);
}

TEST(Segmenters, ScoreEachClassAtAnEighthOrASixteenthOfTheInput) {
  const auto scores = [](const Blueprint& network) { return infer_shapes(network).at("head.logits").shape; };
  EXPECT_EQ(scores(fcn_resnet50({.size = 128, .classes = 3})), (SymbolicShape{"batch", 3, 16, 16}));
  EXPECT_EQ(scores(deeplabv3_resnet50({.size = 128, .classes = 3})), (SymbolicShape{"batch", 3, 16, 16}));
  EXPECT_EQ(scores(deeplabv3_mobilenet_v3_large({.size = 128, .classes = 3})), (SymbolicShape{"batch", 3, 8, 8}));
  EXPECT_EQ(scores(lraspp_mobilenet_v3_large({.size = 128, .classes = 3})), (SymbolicShape{"batch", 3, 16, 16}));
}

TEST(Segmenters, OnResNetHaveTheHolesOfTheLayerBeforeInTheFirstBlockOfALayer) {
  std::vector<std::int64_t> holes;
  for (const Node& node : fcn_resnet50({.size = 64}).graph.nodes)
    if (node.name.ends_with("conv2") && (node.stage == "layer3" || node.stage == "layer4"))
      holes.push_back(attribute<std::vector<std::int64_t>>(node, "dilations", {1, 1})[0]);
  EXPECT_EQ(holes, (std::vector<std::int64_t>{1, 2, 2, 2, 2, 2, 2, 4, 4}));
}

TEST(Segmenters, AreKnownByTheirHeads) {
  EXPECT_EQ(head_in(formula::weights(fcn_resnet50({.size = 64, .classes = 2}))).value().kind, "fcn");
  EXPECT_EQ(head_in(formula::weights(lraspp_mobilenet_v3_large({.size = 64, .classes = 2}))).value().kind, "lraspp");
}

TEST(Segmenters, RefuseNoPixelAndNoClass) {
  EXPECT_THROW(fcn_resnet50({.size = 0}), Error);
  EXPECT_THROW(lraspp_mobilenet_v3_large({.classes = 0}), Error);
}

}  // namespace
}  // namespace enxerto
