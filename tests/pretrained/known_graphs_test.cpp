#include "enxerto/pretrained/known_graphs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace enxerto {
namespace {

Graph answering(std::int64_t side, const std::vector<std::string>& outputs) {
  Graph graph;
  graph.inputs.push_back({.name = "input_1", .dtype = DType::f32, .shape = {"batch", side, side, 3}});
  for (const std::string& name : outputs) graph.outputs.push_back({.name = name, .dtype = DType::f32, .shape = {}});
  return graph;
}

TEST(KnownGraph, IsKnownByItsOutputsInAnyOrder) {
  const KnownGraph* const known =
      known_graph(answering(224, {"age_pred/Softmax:0", "global_pooling/Mean", "gender_pred/Sigmoid:0"}));
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->name, "faceres");
  EXPECT_EQ(known->normalise, "none");
}

TEST(KnownGraph, IsNoneOfAnotherSizeOrWithOtherOutputs) {
  EXPECT_EQ(known_graph(answering(112, {"age_pred/Softmax", "global_pooling/Mean", "gender_pred/Sigmoid"})), nullptr);
  EXPECT_EQ(known_graph(answering(224, {"global_pooling/Mean", "gender_pred/Sigmoid"})), nullptr);
  EXPECT_EQ(known_graph(Graph()), nullptr);
}

}  // namespace
}  // namespace enxerto
