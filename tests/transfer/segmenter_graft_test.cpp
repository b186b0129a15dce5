#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/zoo/segmenters.h"
#include "tests/data/masked.h"

namespace enxerto {
namespace {

/// A published segmenter of seven classes, with random weights.
Graph published(Blueprint (*build)(const MapHeadedConfig& config)) {
  const Blueprint network = build({.size = 64, .classes = 7});
  return network.fill(initial_parameters(network, {.seed = 3}));
}

std::vector<std::string> names_of(const std::vector<Value>& maps) {
  std::vector<std::string> names;
  for (const Value& map : maps) names.push_back(map.name);
  return names;
}

/// What three classes of the user's make of it.
struct Reheaded {
  Reheaded(const Graph& network, const std::string& kind) {
    const Tensor mask = Tensor::of<std::uint8_t>({1, 2}, {0, 1});
    const testing::MadeMasks data({"a", "b", "c"}, {mask, mask});
    const std::vector<std::size_t> all{0, 1};
    const HeadSpec spec{.kind = kind, .output = "auto"};
    const HeadFeatures features = before_head(network, spec);
    maps = names_of(features.maps);
    const TaskPtr task = make_task("auto", {.dataset = data, .training = all, .features = &features},
                                   {.head = spec, .loss = {.kind = "auto"}});
    const Blueprint head = head_of(*task, network);
    parameters = head_parameters(*task, head, network, {.seed = 4});
    grown = graft_head(network, head, parameters);
  }
  std::vector<std::string> maps;
  StateDict parameters;
  Graph grown;
};

TEST(SegmenterGraft, KeepsAllButTheClassLayerAndTheMapsOfLraspp) {
  const Graph network = published(lraspp_mobilenet_v3_large);
  const Reheaded reheaded(network, "lraspp");
  EXPECT_EQ(reheaded.maps, (std::vector<std::string>{"features.4.block.3.1", "features.16.2"}));
  for (const char* name : {"head.deep.weight", "head.gate.weight", "head.fine.norm.weight"})
    EXPECT_TRUE(identical(reheaded.parameters.at(name), network.parameters.at(name))) << name;
  EXPECT_EQ(reheaded.parameters.at("head.deep.scores.weight").shape()[0], 3);
  EXPECT_TRUE(
      identical(reheaded.grown.parameters.at("features.0.0.weight"), network.parameters.at("features.0.0.weight")));
}

TEST(SegmenterGraft, KeepsTheHolesOfDeepLabsHead) {
  const Graph network = published(deeplabv3_mobilenet_v3_large);
  const Reheaded reheaded(network, "deeplab");
  std::vector<std::int64_t> holes;
  for (const Node& node : reheaded.grown.nodes)
    if (node.name.starts_with("head.aspp") && node.op == "Conv")
      holes.push_back(attribute<std::vector<std::int64_t>>(node, "dilations", {1, 1})[0]);
  EXPECT_EQ(holes, (std::vector<std::int64_t>{1, 12, 24, 36, 1}));
  EXPECT_TRUE(identical(reheaded.parameters.at("head.refine.weight"), network.parameters.at("head.refine.weight")));
}

TEST(SegmenterGraft, GrowsAnotherHeadOnTheSameNetwork) {
  const Graph network = published(lraspp_mobilenet_v3_large);
  const Reheaded reheaded(network, "fcn");
  EXPECT_EQ(reheaded.maps, (std::vector<std::string>{"features.16.2"})) << "a sixteenth of the input";
  EXPECT_TRUE(reheaded.parameters.contains("head.narrow.weight"));
}

}  // namespace
}  // namespace enxerto
