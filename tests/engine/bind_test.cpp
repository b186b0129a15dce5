#include "enxerto/engine/bind.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

Graph two_inputs() {
  Graph graph;
  graph.name = "two";
  graph.inputs = {{"a", DType::f32, {"n", "m"}}, {"b", DType::i64, {"n"}}};
  graph.outputs = {{"a", DType::f32, {"n", "m*2"}}};
  return graph;
}

TEST(Bind, ReadsEachSymbolsSizeFromTheInputs) {
  const TensorMap inputs{{"b", Tensor::of<std::int64_t>({4}, {1, 2, 3, 4})},
                         {"unused", Tensor::scalar(1.0F)},
                         {"a", testing::tensor_of({4, 3}, 1)}};
  EXPECT_EQ(symbol_sizes(two_inputs(), in_order(two_inputs(), inputs)), (SymbolSizes{{"m", 3}, {"n", 4}}));
}

TEST(Bind, RefusesASymbolWithTwoSizes) {
  const std::vector<Tensor> inputs{testing::tensor_of({4, 3}, 1), Tensor::of<std::int64_t>({2}, {1, 2})};
  try {
    symbol_sizes(two_inputs(), inputs);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(error.text().found.find("'n' is 4 elsewhere"), std::string::npos) << error.what();
  }
}

TEST(Bind, NamesAnInputThatIsMissing) {
  try {
    in_order(two_inputs(), {{"a", testing::tensor_of({4, 3}, 1)}, {"c", Tensor::scalar(1.0F)}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("input 'b': 2 inputs: a, c"), std::string::npos) << error.what();
  }
}

TEST(Bind, ReplacesKnownSymbolsAndSharesTheTensors) {
  const Graph graph = testing::small_classifier();
  const Graph bound = bind(graph, {{"batch", 6}});
  EXPECT_EQ(bound.inputs[0].shape, (SymbolicShape{6, 3, 8, 8}));
  EXPECT_EQ(bound.outputs[0].shape, (SymbolicShape{6, 5}));
  EXPECT_FALSE(has_symbols(bound));
  EXPECT_EQ(bound.parameters.at("fc.weight").data(), graph.parameters.at("fc.weight").data());
}

TEST(Bind, KnowsWhetherThereIsOneSymbol) {
  EXPECT_EQ(only_symbol(testing::small_classifier()), "batch");
  EXPECT_EQ(only_symbol(two_inputs()), "");
  EXPECT_TRUE(has_symbols(two_inputs()));
}

}  // namespace
}  // namespace enxerto
