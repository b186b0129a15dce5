#include "enxerto/transfer/phase_cut.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

Graph small_resnet() {
  const Blueprint blueprint = find_architecture("resnet20_cifar").build({.size = 32, .classes = 4});
  return blueprint.fill(initial_parameters(blueprint));
}

TEST(CutForPhase, LeavesThePicturesWhereEverythingLearns) {
  const Graph network = small_resnet();
  for (const char* from : {"all", "stem"}) {
    const Halves halves = cut_for_phase(network, from);
    EXPECT_TRUE(halves.prefix.nodes.empty());
    EXPECT_EQ(halves.suffix.nodes.size(), network.nodes.size());
  }
}

TEST(CutForPhase, PutsEveryNodeOnOneSideOfTheFrontier) {
  const Graph network = small_resnet();
  const Halves halves = cut_for_phase(network, "layer3");
  ASSERT_EQ(halves.suffix.inputs.size(), 1U);
  EXPECT_EQ(halves.prefix.nodes.size() + halves.suffix.nodes.size(), network.nodes.size());
  EXPECT_EQ(cut_for_phase(network, "head").suffix.inputs[0].shape.size(), 2U) << "pooled features, not the map";
}

TEST(CutForPhase, LetsSeveralValuesCross) {
  Graph network = small_resnet();
  // The head looks at the stem too.
  const auto at = std::ranges::find(network.nodes, "head", &Node::stage);
  ASSERT_NE(at, network.nodes.end());
  const std::string early = std::ranges::find(network.nodes, "layer1", &Node::stage)->inputs[0];
  Node pool{"early.pool", "GlobalAveragePool", "head", {early}, {"early.pool"}, {}};
  network.nodes.insert(at, pool);
  network.outputs.push_back({"early.pool", DType::f32, {"batch", 16, 1, 1}});
  const Halves halves = cut_for_phase(network, "layer3");
  EXPECT_EQ(halves.suffix.inputs.size(), 2U);
  EXPECT_EQ(halves.prefix.outputs.size(), 2U);
}

TEST(CutForPhase, NamesTheStagesForOneThatIsNotThere) {
  try {
    (void)cut_for_phase(small_resnet(), "layer9");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("layer3"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
