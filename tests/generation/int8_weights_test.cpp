#include "enxerto/generation/int8_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/engine/executor.h"
#include "enxerto/generation/scoring_network.h"
#include "tests/generation/small_language_models.h"

namespace enxerto {
namespace {

TEST(Int8Weights, AnswerNearlyTheSame) {
  const Graph scores = scoring_network(testing::language_model_named("llama"));
  const Graph small = with_int8_weights(scores);
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>({1, 4}, {3, 9, 14, 2}));
  inputs.set("attention_mask", Tensor::of<std::int64_t>({1, 4}, {1, 1, 1, 1}));
  const Tensor exact = compile(scores, {.threads = 1})->run(inputs).at(kScores);
  const Tensor rounded = compile(small, {.threads = 1})->run(inputs).at(kScores);
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    difference = std::max(difference, std::abs(static_cast<double>(exact.as<float>()[i]) - rounded.as<float>()[i]));
    largest = std::max(largest, std::abs(static_cast<double>(exact.as<float>()[i])));
  }
  EXPECT_GT(difference, 0);
  EXPECT_LT(difference, 0.02 * largest);
}

TEST(Int8Weights, AreAQuarterOfTheBytesAndLeaveTheTableOfWords) {
  const Graph scores = scoring_network(testing::language_model_named("llama"));
  const Graph small = with_int8_weights(scores);
  EXPECT_EQ(small.parameters.at("blocks.0.attn.q.weight.int8").dtype(), DType::i8);
  EXPECT_FALSE(small.parameters.contains("blocks.0.attn.q.weight"));
  EXPECT_TRUE(small.parameters.contains("embeddings.word.weight"));
  EXPECT_TRUE(small.parameters.contains("embeddings.word.weight.int8"));
}

}  // namespace
}  // namespace enxerto
