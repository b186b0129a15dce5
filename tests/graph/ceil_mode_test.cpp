#include "enxerto/graph/ceil_mode.h"

#include <gtest/gtest.h>

#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// A pooling of one map of `side` px.
Graph pooling(std::int64_t side, std::int64_t kernel) {
  Graph graph;
  graph.name = "pooling";
  graph.inputs = {{.name = "x", .dtype = DType::f32, .shape = {"batch", 1, side, side}}};
  graph.nodes = {
      {.name = "pool",
       .op = "MaxPool",
       .stage = "all",
       .inputs = {"x"},
       .outputs = {"y"},
       .attributes = {
           {"kernel_shape", Ints{kernel, kernel}}, {"strides", Ints{2, 2}}, {"ceil_mode", std::int64_t{1}}}}};
  graph.outputs = {{.name = "y", .dtype = DType::f32, .shape = {"batch", 1, 1, 1}}};
  return graph;
}

std::int64_t mode(const Graph& graph) { return attribute<std::int64_t>(graph.nodes[0], "ceil_mode", 0); }

TEST(CeilMode, StaysWhereItMakesTheMapLarger) { EXPECT_EQ(mode(without_idle_ceil_mode(pooling(4, 3))), 1); }

TEST(CeilMode, GoesWhereTheLastWindowWouldStartBehindTheMap) {
  EXPECT_EQ(mode(without_idle_ceil_mode(pooling(2, 1))), 0);
}

TEST(CeilMode, GoesWhereTheWindowsFitExactly) { EXPECT_EQ(mode(without_idle_ceil_mode(pooling(5, 3))), 0); }

}  // namespace
}  // namespace enxerto
