#include "enxerto/graph/recurrent_dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

Tensor filled_with(const Shape& shape, float value) {
  TensorBuffer buffer(DType::f32, shape);
  std::ranges::fill(buffer.as<float>(), value);
  return std::move(buffer).freeze();
}

/// Words, and two layers of two units.
Graph two_lstms() {
  Graph net{.name = "net",
            .inputs = {{"ids", DType::i64, {"length", "batch"}}},
            .outputs = {{"last", DType::f32, {"length", 1, "batch", 2}}},
            .nodes = {},
            .parameters = {}};
  net.nodes.push_back({"words", "Gather", "embeddings", {"table", "ids"}, {"x"}, {{"axis", std::int64_t{0}}}});
  net.nodes.push_back({"a", "LSTM", "rnn0", {"x", "aw", "ar"}, {"ay"}, {{"hidden_size", std::int64_t{2}}}});
  net.nodes.push_back({"axis", "Constant", "rnn1", {}, {"axis"}, {{"value", Tensor::of<std::int64_t>({1}, {1})}}});
  net.nodes.push_back({"rows", "Squeeze", "rnn1", {"ay", "axis"}, {"rows"}, {}});
  net.nodes.push_back({"b", "LSTM", "rnn1", {"rows", "bw", "br"}, {"last"}, {{"hidden_size", std::int64_t{2}}}});
  net.parameters = {{"table", filled_with({5, 2}, 1)},
                    {"aw", filled_with({1, 8, 2}, 0.1F)},
                    {"ar", filled_with({1, 8, 2}, 0.1F)},
                    {"bw", filled_with({1, 8, 2}, 0.1F)},
                    {"br", filled_with({1, 8, 2}, 0.1F)}};
  return net;
}

std::vector<std::string> dropouts(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes)
    if (node.op == "Dropout") names.push_back(node.name);
  return names;
}

float ratio_of(const Graph& graph, const std::string& dropout) {
  const auto named = [&](const std::string& name) { return std::ranges::find(graph.nodes, name, &Node::name); };
  const Node& ratio = *named(named(dropout)->inputs.at(1));
  return std::get<Tensor>(ratio.attributes.at("value")).as<float>()[0];
}

TEST(RecurrentDropout, IsOfWordsOfWhatEntersAndLeavesLayersAndOfTheirWeights) {
  const Graph dropping = with_recurrent_dropout(two_lstms(), 1);
  EXPECT_EQ(dropouts(dropping), (std::vector<std::string>{"words.drop.words", "a.drop.x.kept", "a.drop.recurrent",
                                                          "b.drop.x.kept", "b.drop.recurrent", "b.drop.y.kept"}));
  EXPECT_FLOAT_EQ(ratio_of(dropping, "words.drop.words"), 0.02F);
  EXPECT_FLOAT_EQ(ratio_of(dropping, "a.drop.x.kept"), 0.25F);
  EXPECT_FLOAT_EQ(ratio_of(dropping, "b.drop.x.kept"), 0.15F);
  EXPECT_FLOAT_EQ(ratio_of(dropping, "b.drop.y.kept"), 0.1F);
  EXPECT_FLOAT_EQ(ratio_of(dropping, "a.drop.recurrent"), 0.2F);
}

TEST(RecurrentDropout, LosesTheSameFeaturesAtEveryStep) {
  const ValueTypes types = infer_shapes(with_recurrent_dropout(two_lstms(), 1));
  EXPECT_EQ(types.at("a.drop.x.kept").shape, (SymbolicShape{1, "batch", 2}));
  EXPECT_EQ(types.at("b.drop.y.kept").shape, (SymbolicShape{1, 1, "batch", 2}));
  EXPECT_EQ(types.at("last").shape, two_lstms().outputs[0].shape);
}

TEST(RecurrentDropout, GrowsWithItsStrengthAndIsNeverAll) {
  EXPECT_FLOAT_EQ(ratio_of(with_recurrent_dropout(two_lstms(), 2), "a.drop.recurrent"), 0.4F);
  EXPECT_FLOAT_EQ(ratio_of(with_recurrent_dropout(two_lstms(), 4), "a.drop.x.kept"), 0.9F);
}

TEST(RecurrentDropout, ChangesNothingWithoutStrengthOrLayers) {
  EXPECT_EQ(with_recurrent_dropout(two_lstms(), 0).nodes.size(), two_lstms().nodes.size());
  const Graph plain{.name = "plain",
                    .inputs = {{"x", DType::f32, {"batch", 2}}},
                    .outputs = {{"y", DType::f32, {"batch", 2}}},
                    .nodes = {{"y", "Relu", "all", {"x"}, {"y"}, {}}},
                    .parameters = {}};
  EXPECT_EQ(with_recurrent_dropout(plain, 1).nodes.size(), 1U);
}

}  // namespace
}  // namespace enxerto
