#include "enxerto/heads/language_model_head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/loss.h"

namespace enxerto {
namespace {

const Value kStates{"states", DType::f32, {"batch", "tokens", 4}};
const Value kMask{"attention_mask", DType::i64, {"batch", "tokens"}};

/// Words of `width` numbers.
Graph body(std::int64_t width) {
  TensorBuffer table(DType::f32, {9, width});
  std::ranges::fill(table.as<float>(), 0.5F);
  Graph graph{.name = "body",
              .inputs = {{"input_ids", DType::i64, {"batch", "tokens"}}, kMask},
              .outputs = {{"x", DType::f32, {"batch", "tokens", width}}},
              .nodes = {{"x", "Gather", "embeddings", {"words", "input_ids"}, {"x"}, {}}},
              .parameters = {}};
  graph.parameters.set("words", std::move(table).freeze());
  return graph;
}

std::vector<std::string> parameters_of(const Blueprint& head) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : head.parameters) names.push_back(spec.name);
  return names;
}

TEST(LanguageModelHead, ScoresWordsByTheirVectorsWhereStatesAreAsWide) {
  const Blueprint tied = language_model_head(body(4), {kStates, kMask});
  EXPECT_EQ(parameters_of(tied), (std::vector<std::string>{"words", "head.bias"}));
  const Blueprint untied = language_model_head(body(3), {kStates, kMask});
  EXPECT_EQ(parameters_of(untied), (std::vector<std::string>{"head.weight", "head.bias"}));
  EXPECT_EQ(untied.parameters[0].shape, (Shape{9, 4}));
}

TEST(LanguageModelHead, AnswersWithTwoNumbersOfATextOfAnyLength) {
  const Blueprint head = language_model_head(body(4), {kStates, kMask});
  EXPECT_EQ(head.graph.stages(), std::vector<std::string>{"head"});
  const ValueTypes types = infer_shapes(head);
  EXPECT_EQ(types.at("probabilities").shape, (SymbolicShape{"batch", 2}));
  EXPECT_EQ(types.at(std::string(kNextWords)).shape, (SymbolicShape{"batch", "tokens", 9}));
}

TEST(LanguageModelHead, IsRefusedWhereThereAreNoTokens) {
  EXPECT_THROW((void)language_model_head(body(4), {kStates}), Error) << "no mask";
  EXPECT_THROW((void)language_model_head(body(4), Value{"row", DType::f32, {"batch", 4}}), Error);
  Graph other = body(4);
  other.nodes[0].inputs[1] = "token_type_ids";
  EXPECT_THROW((void)language_model_head(other, {kStates, kMask}), Error) << "no words are looked up";
}

TEST(NextTokenLoss, IsTheMeanOverAllTokensAndTakesNoTarget) {
  const Value answers{"head.logits", DType::f32, {"batch", 2}};
  const Graph loss = loss_graph({.kind = "next_token"}, answers);
  EXPECT_EQ(loss.inputs.size(), 1U);
  EXPECT_TRUE(infer_shapes(loss).at("loss").shape.empty());
  EXPECT_THROW((void)loss_graph({.kind = "next_token"}, {"head.logits", DType::f32, {"batch", 3}}), Error);
  EXPECT_THROW((void)loss_graph({.kind = "next_token", .label_smoothing = 0.1}, answers), Error);
}

}  // namespace
}  // namespace enxerto
