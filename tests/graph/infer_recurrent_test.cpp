#include <fmt/format.h>
#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

Tensor zeros(Shape shape) { return TensorBuffer(DType::f32, std::move(shape)).freeze(); }

/// A layer of 2 directions on texts of any length, 4 features, hidden 3.
Graph recurrent_graph(const std::string& op, std::int64_t gates, Attributes attributes = {}) {
  Graph graph{"g", {{"x", DType::f32, {"length", "batch", 4}}, {"lengths", DType::i32, {"batch"}}}, {}, {}, {}};
  graph.parameters.set("W", zeros({2, gates * 3, 4}));
  graph.parameters.set("R", zeros({2, gates * 3, 3}));
  graph.parameters.set("B", zeros({2, gates * 6}));
  attributes.try_emplace("direction", std::string("bidirectional"));
  attributes.try_emplace("hidden_size", std::int64_t{3});
  graph.nodes.push_back({"rnn", op, "rnn", {"x", "W", "R", "B", "lengths"}, {"y", "h"}, std::move(attributes)});
  return graph;
}

std::string refusal_of(const Graph& graph) {
  try {
    infer_shapes(graph);
  } catch (const Error& error) {
    return error.text().found;
  }
  return "nothing refused";
}

TEST(Recurrent, GivesRowsByLengthAndDirectionAndTheLastStates) {
  for (const auto& [op, gates] : {std::pair{"LSTM", 4}, {"GRU", 3}, {"RNN", 1}}) {
    const ValueTypes types = infer_shapes(recurrent_graph(op, gates));
    EXPECT_EQ(types.at("y").shape, (SymbolicShape{"length", 2, "batch", 3})) << op;
    EXPECT_EQ(types.at("h").shape, (SymbolicShape{2, "batch", 3})) << op;
  }
}

TEST(Recurrent, RefusesByNameWhatIsNotComputed) {
  EXPECT_EQ(refusal_of(recurrent_graph("LSTM", 4, {{"clip", 3.0F}})), "attribute 'clip'");
  EXPECT_EQ(refusal_of(recurrent_graph("LSTM", 4, {{"direction", std::string("up")}})), "direction 'up'");
  EXPECT_EQ(refusal_of(recurrent_graph("LSTM", 4, {{"hidden_size", std::int64_t{5}}})), "hidden_size 5");
  EXPECT_EQ(refusal_of(recurrent_graph("GRU", 4)), "input 1 of (2, 12, 4)");
  Graph peepholes = recurrent_graph("LSTM", 4);
  peepholes.parameters.set("P", zeros({2, 9}));
  peepholes.nodes[0].inputs.insert(peepholes.nodes[0].inputs.end(), {"", "", "P"});
  EXPECT_EQ(refusal_of(peepholes), "peepholes (input P)");
}

TEST(Recurrent, LearnsItsWeightsAndBiasesAndCostsTheirProducts) {
  const Graph graph = recurrent_graph("LSTM", 4);
  const auto known = roles(graph);
  EXPECT_EQ(known.at("W"), Role::weight);
  EXPECT_EQ(known.at("R"), Role::weight);
  EXPECT_EQ(known.at("B"), Role::bias);
  EXPECT_EQ(total(cost(graph)).flops, 2U * 2 * 12 * (4 + 3));
}

}  // namespace
}  // namespace enxerto
