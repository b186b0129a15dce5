#include "enxerto/generation/translation_parts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/generation/translation_decoder.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/zoo/gpt2.h"
#include "enxerto/zoo/marian.h"

namespace enxerto {
namespace {

constexpr std::int64_t kVocabulary = 40;

MarianConfig small_student() {
  MarianConfig config{
      .sizes = {.vocabulary = kVocabulary, .positions = 32, .width = 16, .depth = 2, .heads = 2, .hidden = 24},
      .decoder_depth = 2,
      .decoder_heads = 2,
      .decoder_hidden = 20};
  config.recurrent = config.positions_to_the_end = config.begins_with_nothing = true;
  config.activation = BlockActivation::relu;
  return config;
}

/// Scores of the two rows, word by word, against those of all words at once.
void expect_equal_scores(const MarianConfig& config) {
  const Blueprint blueprint = marian(config);
  const Graph network = blueprint.fill(initial_parameters(blueprint, {.seed = 5}));
  const std::vector<std::int64_t> words{-1, 3, 17, 9, 22, -1, 30, 4, 4, 1};
  std::vector<std::int64_t> first = words;
  if (!config.begins_with_nothing) first[0] = first[5] = 0;
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>({2, 4}, {5, 6, 7, 0, 8, 0, 0, 0}));
  inputs.set("attention_mask", Tensor::of<std::int64_t>({2, 4}, {1, 1, 1, 1, 1, 1, 0, 0}));
  TensorMap whole = inputs;
  whole.set("decoder_input_ids", Tensor::of<std::int64_t>({2, 5}, first));
  const Tensor all = compile(network, {.threads = 1})->run(whole).begin()->second;
  TranslationDecoder decoder(translation_parts(network), {.threads = 1});
  decoder.begin(inputs);
  for (std::size_t i = 0; i < 5; ++i) {
    // The rows are exchanged at each step.
    const std::size_t swapped = i % 2;
    const std::vector<std::int32_t> from = i == 0 ? std::vector<std::int32_t>{0, 1} : std::vector<std::int32_t>{1, 0};
    const std::vector<std::int32_t> source =
        swapped == 0 ? std::vector<std::int32_t>{0, 1} : std::vector<std::int32_t>{1, 0};
    const std::vector<std::int64_t> next{first[swapped * 5 + i], first[(1 - swapped) * 5 + i]};
    const Tensor scores = decoder.step(next, from, source);
    for (std::size_t row = 0; row < 2; ++row) {
      const std::size_t of = row == 0 ? swapped : 1 - swapped;
      for (std::size_t word = 0; word < kVocabulary; ++word)
        ASSERT_NEAR(scores.as<float>()[row * kVocabulary + word], all.as<float>()[(of * 5 + i) * kVocabulary + word],
                    1e-4)
            << i;
    }
  }
}

TEST(TranslationParts, OfARecurrentDecoderAreTheWholeWordByWord) { expect_equal_scores(small_student()); }

TEST(TranslationParts, OfADecoderWithAttentionAreTheWholeWordByWord) {
  MarianConfig config = small_student();
  config.recurrent = config.begins_with_nothing = false;
  expect_equal_scores(config);
}

TEST(TranslationParts, OfTwoVocabulariesAreTheWholeWordByWord) {
  MarianConfig config = small_student();
  config.sizes.vocabulary = 50;
  config.target_vocabulary = kVocabulary;
  expect_equal_scores(config);
}

TEST(TranslationParts, ReadTheSourceOnce) {
  const Blueprint blueprint = marian(small_student());
  const TranslationParts parts = translation_parts(blueprint.fill(initial_parameters(blueprint, {.seed = 1})));
  // Keys and values of two layers, and the mask.
  EXPECT_EQ(parts.memory.outputs.size(), 5U);
  EXPECT_EQ(parts.step.states.size(), 2U);
  EXPECT_EQ(parts.step.bytes_per_token, 0);
  EXPECT_EQ(parts.step.bytes_at_once, 2 * 16 * 4);
  for (const Node& node : parts.step.graph.nodes) EXPECT_EQ(node.name.find("cross.k.product"), std::string::npos);
}

TEST(TranslationParts, OfALanguageModelAreRefused) {
  const Blueprint blueprint =
      gpt2({.sizes = {.vocabulary = 10, .positions = 8, .width = 8, .depth = 1, .heads = 2, .hidden = 8}});
  EXPECT_THROW((void)translation_parts(blueprint.fill(initial_parameters(blueprint, {.seed = 1}))), Error);
}

}  // namespace
}  // namespace enxerto
