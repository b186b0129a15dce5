#include "enxerto/heads/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/convex_start.h"

namespace enxerto {
namespace {

using Names = std::vector<std::string>;

const Value kMap{"layer4", DType::f32, {"batch", 8, 3, 3}};
const Value kRow{"pooled", DType::f32, {"batch", 8}};

Names operators(const Graph& graph) {
  Names names;
  for (const Node& node : graph.nodes)
    if (node.op != "Constant") names.push_back(node.op);
  return names;
}

Names parameters(const Blueprint& head) {
  Names names;
  for (const ParameterSpec& spec : head.parameters) names.push_back(spec.name);
  return names;
}

Graph zeros(const Blueprint& head) {
  StateDict weights;
  for (const ParameterSpec& spec : head.parameters) {
    TensorBuffer buffer(spec.dtype, spec.shape);
    std::fill(buffer.bytes().begin(), buffer.bytes().end(), std::byte{0});
    weights.set(spec.name, std::move(buffer).freeze());
  }
  return head.fill(weights);
}

Error refused(const HeadSpec& spec, const Value& features, std::int64_t classes) {
  try {
    (void)head_network(spec, features, classes);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

TEST(Head, IsALinearHeadUnlessToldOtherwise) {
  const Blueprint head = head_network({}, kMap, 5);
  EXPECT_EQ(operators(head.graph), (Names{"GlobalAveragePool", "Flatten", "Gemm", "Softmax"}));
  EXPECT_EQ(parameters(head), (Names{"head.weight", "head.bias"}));
  EXPECT_EQ(head.graph.stages(), Names{"head"});
  EXPECT_EQ(head.graph.inputs.at(0).name, "layer4");
  EXPECT_EQ(head.graph.outputs.at(0).name, kHeadLogits);
  EXPECT_EQ(head.graph.outputs.at(1).name, kHeadProbabilities);
  EXPECT_EQ(head.graph.outputs.at(1).shape, (SymbolicShape{"batch", 5}));
}

TEST(Head, PassesFeaturesOnThatArePooledAlready) {
  for (const char* pool : {"avg", "max", "flatten", "concat"})
    EXPECT_EQ(operators(head_network({.pool = pool}, kRow, 5).graph), (Names{"Gemm", "Softmax"})) << pool;
}

TEST(Head, KnowsTheChannelsBySymbolsNotByRank) {
  EXPECT_EQ(channel_dimension({"batch", "sequence", 8}), 2U);
  EXPECT_EQ(channel_dimension({"batch", 80, "frames"}), 1U);
  EXPECT_EQ(channel_dimension({"batch", 8, "height", "width"}), 1U);
  EXPECT_EQ(channel_dimension({"batch", "height", "width", 8}), 3U);
  EXPECT_EQ(channel_dimension({"batch", 17, 8}), 2U);
  EXPECT_EQ(channel_dimension({"batch", 8, 7, 7}), 1U);
  EXPECT_EQ(channel_dimension({"batch", 8}), 1U);
  const Blueprint head = head_network({}, Value{"frames", DType::f32, {"batch", 80, "frames"}}, 3);
  EXPECT_EQ(head.parameters.at(0).shape, (Shape{3, 80}));
}

TEST(Head, PoolsTheFirstOrTheLastTokenThatCounts) {
  const Value tokens{"tokens", DType::f32, {"batch", "sequence", 8}};
  const Value mask{"attention_mask", DType::i64, {"batch", "sequence"}};
  for (const char* pool : {"first", "last"}) {
    EXPECT_EQ(operators(head_network({.pool = pool}, tokens, 3).graph), (Names{"Gather", "Gemm", "Softmax"})) << pool;
    EXPECT_EQ(infer_shapes(head_network({.pool = pool}, {tokens, mask}, 3)).at("head.token").shape,
              (SymbolicShape{"batch", 8}))
        << pool;
    EXPECT_EQ(refused({.pool = pool}, kMap, 3).text().where, "head: pool") << pool;
  }
}

TEST(Head, ScalesPooledFeaturesToLengthOneWhereAsked) {
  EXPECT_EQ(operators(head_network({.pool = "avg_unit"}, kMap, 3).graph),
            (Names{"GlobalAveragePool", "Flatten", "LpNormalization", "Gemm", "Softmax"}));
}

TEST(Head, LeavesOutOfItsPoolingWhatTheMaskLeavesOut) {
  const Value tokens{"tokens", DType::f32, {"batch", "sequence", 8}};
  const Value mask{"attention_mask", DType::i64, {"batch", "sequence"}};
  const Blueprint average = head_network({}, {tokens, mask}, 3);
  EXPECT_EQ(operators(average.graph),
            (Names{"Cast", "Unsqueeze", "Mul", "ReduceSum", "Max", "ReduceSum", "Div", "Gemm", "Softmax"}));
  EXPECT_EQ(average.graph.inputs.at(1).name, "attention_mask");
  const Blueprint largest = head_network({.pool = "max"}, {tokens, mask}, 3);
  EXPECT_EQ(operators(largest.graph),
            (Names{"Cast", "Unsqueeze", "Sub", "Mul", "Add", "ReduceMax", "Gemm", "Softmax"}));
  EXPECT_EQ(operators(head_network({}, tokens, 3).graph), (Names{"ReduceMean", "Gemm", "Softmax"}));
  EXPECT_THROW((void)head_network({}, {tokens, Value{"attention_mask", DType::i64, {"batch", "other"}}}, 3), Error);
}

TEST(Head, PutsSeveralPoolingsOfMaskedTokensSideBySide) {
  const Value tokens{"tokens", DType::f32, {"batch", "sequence", 8}};
  const Value mask{"attention_mask", DType::i64, {"batch", "sequence"}};
  for (const auto& [pool, width] : {std::pair("concat", 16), std::pair("last_avg_max", 24)}) {
    const Blueprint head = head_network({.pool = pool}, {tokens, mask}, 3);
    EXPECT_EQ(head.parameters.at(0).shape.at(1), width) << pool;
    EXPECT_NO_THROW(check(zeros(head))) << pool;
  }
  EXPECT_EQ(refused({.pool = "last_avg_max"}, kMap, 3).text().where, "head: pool");
}

TEST(Head, IsAsWideAsItsPoolingMakesIt) {
  const auto width = [](const char* pool, const Value& features) {
    return head_network({.pool = pool}, features, 5).parameters.at(0).shape.at(1);
  };
  EXPECT_EQ(width("flatten", kMap), 72);
  EXPECT_EQ(width("concat", kMap), 16);
  EXPECT_EQ(width("avg", {"tokens", DType::f32, {"batch", 17, 8}}), 8);
}

TEST(Head, PutsNormActivationAndDropoutBetweenItsLayers) {
  const Blueprint head = head_network({.hidden = {16, 4}, .batch_norm = true, .dropout = 0.5}, kRow, 3);
  EXPECT_EQ(operators(head.graph), (Names{"Gemm", "BatchNormalization", "Relu", "Dropout", "Gemm", "BatchNormalization",
                                          "Relu", "Dropout", "Gemm", "Softmax"}));
  const Names names = parameters(head);
  for (const char* name : {"head.hidden0.weight", "head.norm0.running_mean", "head.hidden1.bias", "head.weight"})
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  EXPECT_EQ(operators(head_network({.dropout = 0.5}, kRow, 3).graph), (Names{"Dropout", "Gemm", "Softmax"}));
}

TEST(Head, HasOneUnitForTwoClassesWithASigmoid) {
  const Blueprint head = head_network({.output = "sigmoid"}, kRow, 2);
  EXPECT_EQ(head.graph.outputs.at(0).shape, (SymbolicShape{"batch", 1}));
  EXPECT_EQ(head.graph.outputs.at(1).shape, (SymbolicShape{"batch", 2}));
}

TEST(Head, FollowsTheElementTypeOfItsFeatures) {
  const Value features{"pooled", DType::f64, {"batch", 8}};
  const Blueprint head = head_network({.hidden = {4}, .batch_norm = true, .dropout = 0.1}, features, 3);
  for (const ParameterSpec& spec : head.parameters) EXPECT_EQ(spec.dtype, DType::f64) << spec.name;
  for (const Value& output : head.graph.outputs) EXPECT_EQ(output.dtype, DType::f64);
}

TEST(Head, KeepsWhatIsRandomOutOfTheFrozenPart) {
  const Graph pooled = cut_at_frontier(zeros(head_network({.dropout = 0.5}, kMap, 3)), "head").prefix;
  EXPECT_EQ(operators(pooled), (Names{"GlobalAveragePool", "Flatten"}));
}

TEST(Head, RefusesFieldsOutOfRange) {
  EXPECT_NE(refused({.pool = "average"}, kMap, 3).text().expected.find("avg, max"), std::string::npos);
  EXPECT_NE(refused({.activation = "rleu"}, kMap, 3).text().found.find("relu"), std::string::npos);
  EXPECT_NE(refused({.output = "softmx"}, kMap, 3).text().found.find("softmax"), std::string::npos);
  EXPECT_EQ(refused({.hidden = {0}}, kMap, 3).text().where, "head: hidden");
  for (const double dropout : {-0.1, 1.0, std::nan("")})
    EXPECT_EQ(refused({.dropout = dropout}, kMap, 3).text().where, "head: dropout");
  EXPECT_EQ(refused({.output = "sigmoid"}, kMap, 3).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({}, kMap, 1).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({.output = "linear"}, kMap, 0).kind(), ErrorKind::usage);
}

TEST(Head, RefusesFeaturesThatItCannotRead) {
  EXPECT_EQ(refused({}, {"x", DType::i64, {"batch", 8}}, 3).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({}, {"x", DType::f32, {"batch"}}, 3).kind(), ErrorKind::usage);
  EXPECT_EQ(refused({}, {"x", DType::f32, {"batch", "channels"}}, 3).kind(), ErrorKind::usage);
  const Value any_size{"x", DType::f32, {"batch", 8, "height", "width"}};
  EXPECT_EQ(refused({.pool = "flatten"}, any_size, 3).text().where, "head: pool");
  EXPECT_NO_THROW(head_network({.pool = "concat"}, any_size, 3));
}

TEST(TrainingNodes, AreLeftOutOfWhatIsSaved) {
  const Graph graph = zeros(head_network({.hidden = {4}, .dropout = 0.5}, kRow, 3));
  const Graph saved = without_training_nodes(graph);
  EXPECT_NO_THROW(check(saved));
  EXPECT_EQ(operators(saved), (Names{"Gemm", "Relu", "Gemm", "Softmax"}));
  EXPECT_EQ(saved.nodes.size(), 4U);
  EXPECT_EQ(saved.parameters.size(), graph.parameters.size());
}

TEST(TrainingNodes, LeaveTheNamesOfOutputs) {
  Graph graph = zeros(head_network({.dropout = 0.5}, kRow, 3));
  graph.outputs.push_back({"head.dropout0", DType::f32, {"batch", 8}});
  const Graph saved = without_training_nodes(graph);
  EXPECT_NO_THROW(check(saved));
  EXPECT_EQ(operators(saved), (Names{"Identity", "Gemm", "Softmax"}));
}

TEST(ConvexStart, NeedsTwoClassesForASingleUnit) {
  const LinearClassifier three{.weight = Tensor::of<float>({3, 1}, {1, 2, 3}),
                               .bias = Tensor::of<float>({3}, {4, 5, 6})};
  EXPECT_THROW((void)one_unit(three), Error);
  EXPECT_EQ(linear_head_parameters(three).at("head.weight").data(), three.weight.data());
}

TEST(Head, OfSpansSaysBeginAndEndOfEachTokenAndPutsPaddingFarBelow) {
  const Value states{"states", DType::f32, {"batch", "tokens", 8}};
  const Value mask{std::string(kAttentionMask), DType::i64, {"batch", "tokens"}};
  const Blueprint head = head_network({.pool = "none", .output = "span"}, {states, mask}, 2);
  EXPECT_EQ(parameters(head), (Names{"head.weight", "head.bias"}));
  EXPECT_EQ(infer_shapes(zeros(head)).at("probabilities").shape, (SymbolicShape{"batch", "tokens", 2}));
  EXPECT_EQ(infer_shapes(zeros(head)).at("head.logits").shape, (SymbolicShape{"batch", "tokens", 2}));
  EXPECT_EQ(head.graph.inputs.at(1).name, kAttentionMask);
}

TEST(Head, OfSpansIsOfTokensOnly) {
  const Value states{"states", DType::f32, {"batch", "tokens", 8}};
  EXPECT_EQ(refused({.pool = "avg", .output = "span"}, states, 2).text().where, "head: pool");
  EXPECT_EQ(refused({.pool = "none", .output = "softmax"}, states, 2).text().where, "head: output");
  EXPECT_EQ(refused({.pool = "none", .hidden = {4}, .batch_norm = true, .output = "span"}, states, 2).text().where,
            "head: batch_norm");
  EXPECT_EQ(refused({.pool = "none", .output = "span"}, kMap, 2).text().where, "head: pool");
}

}  // namespace
}  // namespace enxerto
