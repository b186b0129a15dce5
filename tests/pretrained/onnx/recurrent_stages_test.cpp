#include "enxerto/pretrained/onnx/recurrent_stages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

Tensor ones(const Shape& shape) {
  TensorBuffer buffer(DType::f32, shape);
  std::ranges::fill(buffer.as<float>(), 1.0F);
  return std::move(buffer).freeze();
}

Node constant(const std::string& name, std::vector<std::int64_t> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {name, "Constant", "",
          {},   {name},     {{"value", Tensor::of<std::int64_t>({count}, std::span<const std::int64_t>(values))}}};
}

/// Two layers as PyTorch's exporter writes them: zeros of the batch's size for the states of both.
Graph exported() {
  Graph net{.name = "net",
            .inputs = {{"input_ids", DType::i64, {"batch", "tokens"}}},
            .outputs = {{"states", DType::f32, {"batch", "tokens", 2}}},
            .nodes = {},
            .parameters = {}};
  const Attributes first{{"perm", std::vector<std::int64_t>{1, 0, 2}}};
  net.nodes = {
      {"words", "Gather", "", {"table", "input_ids"}, {"x"}, {{"axis", std::int64_t{0}}}},
      {"shape", "Shape", "", {"x"}, {"shape"}, {}},
      constant("zero", {0}),
      {"batch", "Gather", "", {"shape", "zero"}, {"batch_size"}, {{"axis", std::int64_t{0}}}},
      constant("one", {1}),
      constant("units", {2}),
      {"sizes", "Concat", "", {"one", "batch_size", "units"}, {"sizes"}, {{"axis", std::int64_t{0}}}},
      {"zeros", "ConstantOfShape", "", {"sizes"}, {"zeros"}, {}},
      {"turn", "Transpose", "", {"x"}, {"steps"}, first},
      {"a", "LSTM", "", {"steps", "aw", "ar", "", "", "zeros", "zeros"}, {"ay"}, {{"hidden_size", std::int64_t{2}}}},
      {"squeeze0", "Squeeze", "", {"ay", "one"}, {"ax"}, {}},
      {"b", "LSTM", "", {"ax", "bw", "br", "", "", "zeros", "zeros"}, {"by"}, {{"hidden_size", std::int64_t{2}}}},
      {"squeeze1", "Squeeze", "", {"by", "one"}, {"bx"}, {}},
      {"turn_back", "Transpose", "", {"bx"}, {"states"}, first}};
  net.parameters = {{"table", ones({5, 2})},
                    {"aw", ones({1, 8, 2})},
                    {"ar", ones({1, 8, 2})},
                    {"bw", ones({1, 8, 2})},
                    {"br", ones({1, 8, 2})}};
  return net;
}

TEST(RecurrentStages, AreTheWordsAndEachLayerWithTheExamplesFirst) {
  const Graph staged = with_recurrent_stages(exported());
  EXPECT_EQ(staged.stages(), (std::vector<std::string>{"embeddings", "rnn0", "rnn1"}));
  EXPECT_EQ(infer_shapes(staged).at("states").shape, exported().outputs[0].shape);
  for (const char* stage : {"rnn0", "rnn1"}) {
    const Halves halves = cut(staged, stage);
    ASSERT_EQ(halves.suffix.inputs.size(), 1U) << stage << ": zeros cross nowhere";
    EXPECT_EQ(halves.suffix.inputs[0].shape, (SymbolicShape{"batch", "tokens", 2})) << stage;
  }
}

TEST(RecurrentStages, LeaveStatesThatAreNoZerosAlone) {
  Graph given = exported();
  const auto zeros = std::ranges::find(given.nodes, "zeros", &Node::name);
  zeros->attributes["value"] = ones({1});
  const Graph staged = with_recurrent_stages(given);
  const auto layer = std::ranges::find(staged.nodes, "b", &Node::name);
  EXPECT_EQ(layer->inputs.size(), 7U);
}

TEST(RecurrentStages, AreOfRecurrentNetworksAlone) {
  const Graph plain{.name = "plain",
                    .inputs = {{"x", DType::f32, {"batch", 2}}},
                    .outputs = {{"y", DType::f32, {"batch", 2}}},
                    .nodes = {{"y", "Relu", "", {"x"}, {"y"}, {}}},
                    .parameters = {}};
  EXPECT_EQ(with_recurrent_stages(plain).nodes.size(), 1U);
}

}  // namespace
}  // namespace enxerto
