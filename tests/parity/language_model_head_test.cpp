// What a language model answers, in both engines, against sums over its own states.
#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/recurrent_dropout.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/zoo/recurrent_network.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr std::int64_t kVocabulary = 11, kWidth = 4, kTokens = 5;

Graph tiny_body() {
  const Blueprint blueprint = recurrent_network(
      {.vocabulary = kVocabulary, .embedding = kWidth, .layers = {{.hidden = 6}, {.hidden = kWidth}}});
  return blueprint.fill(formula::weights(blueprint));
}

Graph tiny_language_model() {
  const Graph body = tiny_body();
  const Blueprint head = language_model_head(body, before_head(body));
  return graft_head(body, head, formula::weights(head));
}

/// Two texts, of five tokens and of three.
TensorMap two_texts() {
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>({2, kTokens}, {1, 7, 3, 3, 9, 4, 2, 8, 0, 0}));
  inputs.set("attention_mask", Tensor::of<std::int64_t>({2, kTokens}, {1, 1, 1, 1, 1, 1, 1, 1, 0, 0}));
  return inputs;
}

/// -log p of the tokens behind the first, by the definition.
std::vector<double> surprises(const Graph& whole) {
  const TensorMap inputs = two_texts();
  const Tensor states = compile(tiny_body(), {.threads = 1, .batch = 2})->run(inputs).at("states");
  const auto table = whole.parameters.at("embeddings.word.weight").as<float>();
  const auto bias = whole.parameters.at("head.bias").as<float>();
  const auto ids = inputs.at("input_ids").as<std::int64_t>(), mask = inputs.at("attention_mask").as<std::int64_t>();
  std::vector<double> sums(2);
  for (std::size_t text = 0; text < 2; ++text) {
    for (std::size_t token = 0; token + 1 < kTokens && mask[text * kTokens + token + 1] == 1; ++token) {
      double all = 0, of_next = 0;
      for (std::size_t word = 0; word < kVocabulary; ++word) {
        double score = static_cast<double>(bias[word]);
        for (std::size_t i = 0; i < kWidth; ++i)
          score += static_cast<double>(table[word * kWidth + i]) *
                   static_cast<double>(states.as<float>()[(text * kTokens + token) * kWidth + i]);
        all += std::exp(score);
        if (std::cmp_equal(ids[text * kTokens + token + 1], word)) of_next = score;
      }
      sums[text] += std::log(all) - of_next;
    }
  }
  return sums;
}

TEST(LanguageModelAnswer, IsTheSumOfSurprisesInBothEngines) {
  const Graph whole = tiny_language_model();
  const std::vector<double> wanted = surprises(whole);
  const auto found = compile(whole, {.threads = 1, .batch = 2})->run(two_texts()).at("probabilities");
  const auto trainer = make_trainer(with_loss(whole, {.kind = "next_token"}), {.threads = 1});
  const TensorMap learned = trainer->evaluate(two_texts());
  for (std::size_t text = 0; text < 2; ++text) {
    EXPECT_NEAR(found.as<float>()[text * 2], wanted[text], 1e-5 * wanted[text]);
    EXPECT_NEAR(learned.at("probabilities").as<float>()[text * 2], wanted[text], 1e-5 * wanted[text]);
    EXPECT_EQ(found.as<float>()[text * 2 + 1], text == 0 ? 4 : 2);
  }
  EXPECT_NEAR(learned.at("loss").as<float>()[0], (wanted[0] + wanted[1]) / 6, 1e-5);
}

TEST(LanguageModelAnswer, OfASingleTokenIsNothing) {
  TensorMap one;
  one.set("input_ids", Tensor::of<std::int64_t>({1, 1}, {3}));
  one.set("attention_mask", Tensor::of<std::int64_t>({1, 1}, {1}));
  const Tensor found = compile(tiny_language_model(), {.threads = 1, .batch = 1})->run(one).at("probabilities");
  EXPECT_EQ(found.as<float>()[0], 0);
  EXPECT_EQ(found.as<float>()[1], 0);
}

/// Whether the table of words has changed after a step from this stage on.
bool learns_words(const char* from) {
  const Graph whole = tiny_language_model();
  const std::vector<std::string> all = whole.stages();
  const std::vector<std::string> stages(std::ranges::find(all, from), all.end());
  Halves halves{.prefix = {}, .suffix = whole};
  if (stages.size() < all.size()) halves = cut_at_frontier(whole, from);
  const auto groups = parameter_groups(halves.suffix, stages, {.frozen = &halves.prefix});
  const auto trainer = make_trainer(with_loss(with_recurrent_dropout(halves.suffix, 1), {.kind = "next_token"}),
                                    {.threads = 1, .groups = groups});
  TensorMap inputs = two_texts();
  if (!halves.prefix.nodes.empty()) inputs.merge(compile(halves.prefix, {.threads = 1, .batch = 2})->run(two_texts()));
  const TrainBatch batch{.inputs = inputs, .examples = 2};
  EXPECT_TRUE(trainer->step({&batch, 1}, 0.1).applied);
  const StateDict after = trainer->parameters();
  const Tensor* const words = after.find("embeddings.word.weight");
  return words != nullptr && !identical(*words, whole.parameters.at("embeddings.word.weight"));
}

TEST(TiedWords, LearnWhereTheirStageDoesAndStayWhereItIsFrozen) {
  EXPECT_TRUE(learns_words("embeddings"));
  EXPECT_FALSE(learns_words("rnn1"));
  EXPECT_FALSE(learns_words("head"));
}

TEST(RecurrentDropoutStep, LeavesPredictionsAlone) {
  const Graph whole = with_loss(tiny_language_model(), {.kind = "next_token"});
  const TensorMap plain = make_trainer(whole, {.threads = 1})->evaluate(two_texts());
  const TensorMap dropping = make_trainer(with_recurrent_dropout(whole, 2), {.threads = 1})->evaluate(two_texts());
  EXPECT_TRUE(identical(plain.at("probabilities"), dropping.at("probabilities")));
}

}  // namespace
}  // namespace enxerto
