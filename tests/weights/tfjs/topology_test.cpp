#include "enxerto/weights/tfjs/topology.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

using Names = std::vector<std::string>;

TEST(TfjsTopology, WalksNestedModelsInTheirPlace) {
  const Json topology = Json::parse(R"({"model_config": {"config": {"layers": [
      {"name": "outer", "config": {"name": "inner_name", "layers": [{"config": {"name": "conv"}}]}},
      {"name": "dense", "config": {}}]}}})");
  EXPECT_EQ(layers_of_topology(topology), (Names{"inner_name", "conv", "dense"}));
}

TEST(TfjsTopology, ReadsASequentialThatIsAList) {
  EXPECT_EQ(layers_of_topology(Json::parse(R"({"config": [{"config": {"name": "a"}}, {"config": {"name": "b"}}]})")),
            (Names{"a", "b"}));
}

TEST(TfjsTopology, IsEmptyForGraphsAndNonsense) {
  for (const char* const text :
       {R"({"node": []})", "[]", "5", "null", R"({"model_config": 3})", R"({"config": {"layers": [1, []]}})"}) {
    EXPECT_TRUE(layers_of_topology(Json::parse(text)).empty()) << text;
  }
}

TEST(TfjsTopology, PutsNamesInTheOrderOfTheirInnermostLayer) {
  const std::vector<std::string_view> names{"b/kernel", "unknown", "m/a/kernel", "b/bias", "m/x", "whole/path/gamma"};
  EXPECT_EQ(in_order_of_layers(names, {"whole/path", "m", "a", "b"}), (std::vector<std::size_t>{5, 4, 2, 0, 3, 1}));
}

TEST(TfjsTopology, KeepsTheOrderWithoutLayers) {
  EXPECT_EQ(in_order_of_layers({"b/x", "a/x", "/", ""}, {}), (std::vector<std::size_t>{0, 1, 2, 3}));
}

}  // namespace
}  // namespace enxerto
