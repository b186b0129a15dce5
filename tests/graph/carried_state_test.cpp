#include "enxerto/graph/carried_state.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/graph/names_of.h"

namespace enxerto {
namespace {

using testing::names_of;

/// A layer of three units on two features.
Graph layer_of(const char* op, std::int64_t gates, const char* direction = "forward") {
  const auto zeros = [](const Shape& shape) { return TensorBuffer(DType::f32, shape).freeze(); };
  const std::int64_t directions = std::string(direction) == "bidirectional" ? 2 : 1;
  Graph net{.name = "net",
            .inputs = {{"x", DType::f32, {"length", "batch", 2}}},
            .outputs = {{"y", DType::f32, {"length", directions, "batch", 3}}},
            .nodes = {},
            .parameters = {}};
  net.nodes.push_back({"rnn",
                       op,
                       "rnn0",
                       {"x", "w", "r"},
                       {"y"},
                       {{"hidden_size", std::int64_t{3}}, {"direction", std::string(direction)}}});
  net.parameters = {{"w", zeros({directions, gates * 3, 2})}, {"r", zeros({directions, gates * 3, 3})}};
  return net;
}

TEST(CarriedStates, AreInputsAndOutputsBehindTheGraphsOwn) {
  const CarryingGraph lstm = with_carried_states(layer_of("LSTM", 4));
  EXPECT_EQ(names_of(lstm.graph.inputs), (std::vector<std::string>{"x", "rnn.h.before", "rnn.c.before"}));
  EXPECT_EQ(names_of(lstm.graph.outputs), (std::vector<std::string>{"y", "rnn.h.after", "rnn.c.after"}));
  EXPECT_EQ(to_string(lstm.graph.inputs.back().shape), "(1, batch, 3)");
  ASSERT_EQ(lstm.carried.size(), 2U);
  EXPECT_EQ(lstm.carried[1].input, "rnn.c.before");
  EXPECT_EQ(lstm.carried[1].output, "rnn.c.after");
  EXPECT_EQ(with_carried_states(layer_of("GRU", 3)).carried.size(), 1U);
}

TEST(CarriedStates, AreNotThoseOfALayerThatReadsBackwards) {
  for (const char* direction : {"reverse", "bidirectional"}) {
    const CarryingGraph carrying = with_carried_states(layer_of("LSTM", 4, direction));
    EXPECT_TRUE(carrying.carried.empty());
    EXPECT_EQ(carrying.graph.inputs.size(), 1U);
  }
}

TEST(CarriedStates, AreGivenOnce) {
  const CarryingGraph once = with_carried_states(layer_of("RNN", 1));
  EXPECT_TRUE(with_carried_states(once.graph).carried.empty());
}

}  // namespace
}  // namespace enxerto
