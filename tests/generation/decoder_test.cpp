#include "enxerto/generation/decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "enxerto/engine/executor.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/generation/with_cache.h"
#include "tests/generation/small_language_models.h"

namespace enxerto {
namespace {

using testing::language_model_named;
using testing::language_model_names;

using Ids = std::vector<std::int64_t>;

/// What the whole network, run on the whole text, says of its next word.
std::vector<float> by_whole_text(Executor& whole, const Ids& text) {
  const Shape shape{1, static_cast<std::int64_t>(text.size())};
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>(shape, text));
  inputs.set("attention_mask", Tensor::of<std::int64_t>(shape, Ids(text.size(), 1)));
  const Tensor scores = whole.run(inputs).at(kScores);
  return {scores.as<float>().begin(), scores.as<float>().end()};
}

double farthest(std::span<const float> a, std::span<const float> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  return largest;
}

class DecoderOf : public ::testing::TestWithParam<std::string> {};

TEST_P(DecoderOf, SaysAfterEachTokenWhatTheWholeTextSays) {
  const Graph scores = scoring_network(language_model_named(GetParam()));
  const auto whole = compile(scores, {.threads = 1});
  Decoder decoder(with_cache(scores), {.threads = 1});
  Ids text{3, 7, 7, 20};
  Tensor said = decoder.read(text, std::vector<std::int32_t>{0});
  for (int step = 0; step < 8; ++step) {
    EXPECT_LT(farthest(said.as<float>(), by_whole_text(*whole, text)), 1e-4) << step;
    text.push_back(2 + (step * 11) % 40);
    said = decoder.read(std::span(text).last(1), std::vector<std::int32_t>{0});
  }
  EXPECT_EQ(decoder.length(), 12);
}

TEST_P(DecoderOf, GoesOnFromTheRowsThatItIsTold) {
  const Graph scores = scoring_network(language_model_named(GetParam()));
  const auto whole = compile(scores, {.threads = 1});
  Decoder decoder(with_cache(scores), {.threads = 1});
  std::vector<Ids> texts{{5, 9, 2}};
  (void)decoder.read(texts[0], std::vector<std::int32_t>{0});
  const std::vector<std::vector<std::int32_t>> steps{{0, 0, 0}, {2, 0, 1}, {1, 1}, {1, 0, 0, 1}};
  std::int64_t word = 11;
  for (const std::vector<std::int32_t>& from : steps) {
    std::vector<Ids> longer;
    Ids added;
    for (const std::int32_t row : from) {
      longer.push_back(texts[static_cast<std::size_t>(row)]);
      added.push_back(word = 2 + (word * 7) % 40);
      longer.back().push_back(word);
    }
    texts = longer;
    const Tensor said = decoder.read(added, from);
    ASSERT_EQ(said.shape()[0], static_cast<std::int64_t>(from.size()));
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const auto words = static_cast<std::size_t>(decoder.words());
      EXPECT_LT(farthest(said.as<float>().subspan(row * words, words), by_whole_text(*whole, texts[row])), 1e-4) << row;
    }
  }
}

TEST_P(DecoderOf, ForgetsWhatItHasReadWhereANewTextBegins) {
  Decoder decoder(with_cache(scoring_network(language_model_named(GetParam()))), {.threads = 1});
  const Ids text{4, 8, 15};
  const Tensor first = decoder.read(text, std::vector<std::int32_t>{0});
  decoder.begin();
  EXPECT_LT(farthest(first.as<float>(), decoder.read(text, std::vector<std::int32_t>{0}).as<float>()), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Every, DecoderOf, ::testing::ValuesIn(language_model_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
