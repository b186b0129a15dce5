#include "enxerto/zoo/recurrent_network.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

RecurrentConfig two_layers() {
  return {.vocabulary = 9,
          .embedding = 4,
          .layers = {{.hidden = 3, .bidirectional = true}, {.op = "GRU", .hidden = 5, .biases = false}}};
}

TEST(RecurrentNetwork, HasAStageForItsWordsAndEachLayer) {
  const Blueprint blueprint = recurrent_network(two_layers());
  EXPECT_EQ(blueprint.graph.stages(), (std::vector<std::string>{"embeddings", "rnn0", "rnn1"}));
  EXPECT_EQ(infer_shapes(blueprint).at("states").shape, (SymbolicShape{"batch", "tokens", 5}));
  EXPECT_EQ(infer_shapes(blueprint).at("rnn.0.joined").shape, (SymbolicShape{"batch", "tokens", 6}));
  std::vector<std::string> names;
  for (const ParameterSpec& spec : blueprint.parameters) names.push_back(spec.name);
  EXPECT_EQ(names, (std::vector<std::string>{"embeddings.word.weight", "rnn.0.weight", "rnn.0.recurrent", "rnn.0.bias",
                                             "rnn.1.weight", "rnn.1.recurrent"}));
}

TEST(RecurrentNetwork, IsCutBetweenLayersAtTheStatesAndTheLengths) {
  const Blueprint blueprint = recurrent_network(two_layers());
  const Graph graph = blueprint.fill(formula::weights(blueprint));
  for (const char* stage : {"rnn0", "rnn1"}) {
    const Halves halves = cut_at_frontier(graph, stage);
    ASSERT_EQ(halves.suffix.inputs.size(), 2U) << stage;
    EXPECT_EQ(halves.suffix.inputs[0].name, "lengths") << stage;
    ASSERT_EQ(halves.suffix.inputs[1].shape.size(), 3U) << stage;
    EXPECT_EQ(halves.suffix.inputs[1].shape[0], Dim("batch")) << stage << ": rows that can be kept for each example";
  }
}

TEST(RecurrentNetwork, RefusesSizesThatAreNotPossible) {
  RecurrentConfig config = two_layers();
  config.vocabulary = 0;
  EXPECT_THROW((void)recurrent_network(config), Error);
  config = two_layers();
  config.layers.clear();
  EXPECT_THROW((void)recurrent_network(config), Error);
  config = two_layers();
  config.layers[0].op = "Conv";
  EXPECT_THROW((void)recurrent_network(config), Error);
}

}  // namespace
}  // namespace enxerto
