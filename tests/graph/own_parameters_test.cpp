#include "enxerto/graph/own_parameters.h"

#include <gtest/gtest.h>

#include "enxerto/graph/cut.h"
#include "enxerto/graph/fingerprint.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

/// Stages "a" and "b" of a dense layer and a normalisation each, which use one weight, turned, and one scale.
Graph sharing() {
  Graph graph{"net", {{"x", DType::f32, {"batch", 2}}}, {{"y", DType::f32, {"batch", 2}}}, {}, {}};
  graph.parameters.set("w", Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  graph.parameters.set("s", Tensor::of<float>({2}, {1, 1}));
  graph.nodes = {{"turned", "Transpose", "a", {"w"}, {"turned"}, {}},
                 {"a.dense", "MatMul", "a", {"x", "turned"}, {"a.dense"}, {}},
                 {"a.norm", "LayerNormalization", "a", {"a.dense", "s", "s"}, {"a.norm"}, {}},
                 {"b.dense", "MatMul", "b", {"a.norm", "turned"}, {"b.dense"}, {}},
                 {"b.norm", "LayerNormalization", "b", {"b.dense", "s"}, {"y"}, {}}};
  return graph;
}

TEST(OwnParameters, LetEachHalfOfACutHaveItsOwn) {
  const Graph own = with_own_parameters(sharing());
  const Halves halves = cut(own, "b");
  for (const auto& [name, _] : halves.suffix.parameters) EXPECT_FALSE(halves.prefix.parameters.contains(name)) << name;
  EXPECT_EQ(halves.suffix.parameters.size(), 2U);
  EXPECT_EQ(halves.prefix.parameters.size(), 3U) << "the shift of a.norm is no longer its scale";
}

TEST(OwnParameters, AreOfOneSlotOfANormalisation) {
  const Graph own = with_own_parameters(sharing());
  EXPECT_EQ(own.nodes[2].inputs, (std::vector<std::string>{"a.dense", "s", "s/a.norm/2"}));
  EXPECT_TRUE(own.parameters.contains("s/a.norm/2"));
}

TEST(OwnParameters, ShareTheirMemory) {
  const Graph graph = sharing(), own = with_own_parameters(graph);
  EXPECT_EQ(own.parameters.at("w/b").data(), graph.parameters.at("w").data());
  EXPECT_EQ(own.parameters.at("s/b.norm").data(), graph.parameters.at("s").data());
}

TEST(OwnParameters, AreThoseOfANetworkThatSharesNothing) {
  const Graph graph = small_network();
  EXPECT_EQ(fingerprint(with_own_parameters(graph)), fingerprint(graph));
}

}  // namespace
}  // namespace enxerto
