#include "enxerto/engine/torch/fused_words.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/word_scores.h"

namespace enxerto {
namespace {

constexpr std::int64_t kStateWidth = 8;

struct WordSizes {
  std::int64_t batch = 3, tokens = 5, words = 11;
  DType dtype = DType::f32;
};

Tensor zeros_for_words(const Shape& shape, DType dtype) {
  TensorBuffer buffer(dtype, shape);
  std::fill_n(buffer.data(), element_count(shape) * size_of(dtype), std::byte{0});
  return std::move(buffer).freeze();
}

/// What heads/language_model_head.h writes behind the states, which are a parameter here.
Graph scored_words(const WordSizes& sizes) {
  GraphBuilder net("words");
  net.stage("head");
  const std::string next = net.input("next", {sizes.batch, sizes.tokens}, DType::i64);
  const std::string counted = net.input("counted", {sizes.batch, sizes.tokens}, sizes.dtype);
  const std::string states = net.parameter("states", {sizes.batch, sizes.tokens, kStateWidth}, sizes.dtype);
  const std::string table = net.parameter("table", {sizes.words, kStateWidth}, sizes.dtype);
  const std::string turned = net.add("Transpose", "turned", {table}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string product = net.add("MatMul", "product", {states, turned});
  const std::string scores = net.add("Add", "scores", {product, net.parameter("bias", {sizes.words}, sizes.dtype)});
  const std::string logarithms = net.add("LogSoftmax", "logarithms", {scores}, {{"axis", std::int64_t{-1}}});
  const std::string column = net.add("Unsqueeze", "column", {next, net.integers({2})});
  const std::string chosen = net.add("GatherElements", "chosen", {logarithms, column}, {{"axis", std::int64_t{2}}});
  const std::string row = net.add("Squeeze", "row", {chosen, net.integers({2})});
  const std::string kept = net.add("Mul", "kept", {row, counted});
  net.output(net.add("ReduceSum", "sum", {kept, net.integers({1})}, {{"keepdims", std::int64_t{1}}}), "out");
  StateDict parameters;
  parameters.set("states", zeros_for_words({sizes.batch, sizes.tokens, kStateWidth}, sizes.dtype));
  parameters.set("table", zeros_for_words({sizes.words, kStateWidth}, sizes.dtype));
  parameters.set("bias", zeros_for_words({sizes.words}, sizes.dtype));
  return std::move(net).finish().fill(parameters);
}

/// The same, in which the scores are wanted too, so that they have to be whole.
Graph whole_scores(Graph graph, const WordSizes& sizes) {
  graph.outputs.push_back({"scores", sizes.dtype, {sizes.batch, sizes.tokens, sizes.words}});
  return graph;
}

struct LearnedWords {
  at::Tensor out;
  std::vector<at::Tensor> gradients;  // of those that learn
};

LearnedWords words_learned(const Graph& graph, const WordSizes& sizes, const std::vector<std::string>& learning) {
  at::Generator generator = at::detail::createCPUGenerator(3);
  GraphRunner runner(graph, {});
  for (const char* name : {"states", "table", "bias"}) {
    at::Tensor& parameter = runner.parameter(name);
    parameter.copy_(at::randn(parameter.sizes(), generator));
  }
  for (const std::string& name : learning) runner.parameter(name).set_requires_grad(true);
  const at::Tensor next = at::randint(0, sizes.words, {sizes.batch, sizes.tokens}, generator, at::kLong);
  at::Tensor counted = at::ones({sizes.batch, sizes.tokens}, sizes.dtype == DType::f64 ? at::kDouble : at::kFloat);
  counted.select(1, sizes.tokens - 1).zero_();
  counted.select(0, 0).narrow(0, sizes.tokens / 2, sizes.tokens - sizes.tokens / 2).zero_();
  const std::vector<at::Tensor> inputs{next, counted};
  const at::Tensor out = runner.run(inputs, {}).at(0);
  const at::Tensor weights = at::arange(1, sizes.batch + 1, at::kFloat).reshape({-1, 1});
  torch::autograd::backward({at::sum(out * weights)}, {});
  LearnedWords found{.out = out.detach(), .gradients = {}};
  for (const std::string& name : learning) found.gradients.push_back(runner.parameter(name).grad());
  return found;
}

double gap_of(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).abs().max() / b.abs().max().to(at::kDouble)).item<double>();
}

void expect_equal_words(const WordSizes& sizes, const std::vector<std::string>& learning) {
  const double allowed = sizes.dtype == DType::f64 ? 1e-11 : 1e-6;
  const Graph graph = scored_words(sizes);
  const LearnedWords one = words_learned(graph, sizes, learning),
                     steps = words_learned(whole_scores(graph, sizes), sizes, learning);
  EXPECT_LT(gap_of(one.out, steps.out), allowed);
  for (std::size_t i = 0; i < learning.size(); ++i)
    EXPECT_LT(gap_of(one.gradients[i], steps.gradients[i]), allowed) << learning[i];
}

TEST(FusedWords, AreOneOperationWhereNothingElseNeedsTheScores) {
  const Graph graph = scored_words({});
  const std::vector<WordScores> found = word_scores(graph);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].states, "states");
  EXPECT_EQ(found[0].words, "next");
  EXPECT_EQ(found[0].counted, "counted");
  EXPECT_EQ(with_fused_words(graph).nodes.back().op, kSumOfWordLogarithms);
  EXPECT_TRUE(word_scores(whole_scores(graph, {})).empty());
}

TEST(FusedWords, AndTheirGradientsAreThoseOfTheSteps) {
  expect_equal_words({}, {"states", "table", "bias"});
  expect_equal_words({}, {"states", "bias"});
  expect_equal_words({}, {"states"});
  expect_equal_words({}, {"table"});
}

TEST(FusedWords, AreTheSameInPiecesOfTheTokens) {
  // In float32 a sum over so many words is known to 3e-5 itself.
  const WordSizes large{.batch = 3, .tokens = 60, .words = 50'000, .dtype = DType::f64};
  ASSERT_GT(large.batch * large.tokens * large.words, kMostScores);
  expect_equal_words(large, {"states", "table", "bias"});
  expect_equal_words(large, {"states", "bias"});
}

TEST(FusedWords, RefuseAWordThatTheVocabularyDoesNotHave) {
  GraphRunner runner(scored_words({.batch = 1, .tokens = 1, .words = 3}), {});
  const std::vector<at::Tensor> inputs{at::full({1, 1}, 3, at::kLong), at::ones({1, 1})};
  EXPECT_ANY_THROW((void)runner.run(inputs, {}));
}

}  // namespace
}  // namespace enxerto
