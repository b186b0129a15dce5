#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/generation/change_scores.h"
#include "enxerto/generation/generate.h"
#include "tests/generation/model_folder.h"

namespace enxerto {
namespace {

using testing::ModelFolder;

BeamsEnd end_of(const Json& value) {
  if (value == "never") return BeamsEnd::never;
  return value == true ? BeamsEnd::as_soon : BeamsEnd::heuristic;
}

/// transformers' names.
GenerationOptions options_of(const Json& golden, const Json& row) {
  const Json& asked = row.at("options");
  GenerationOptions options;
  options.max_new_tokens = golden.at("tokens");
  options.min_new_tokens = asked.value("min_new_tokens", 0);
  options.temperature = asked.value("temperature", 0.0);
  options.top_k = asked.value("top_k", 0);
  options.top_p = asked.value("top_p", 1.0);
  options.min_p = asked.value("min_p", 0.0);
  options.repetition_penalty = asked.value("repetition_penalty", 1.0);
  options.no_repeat_ngram = asked.value("no_repeat_ngram_size", 0);
  options.beams = asked.value("num_beams", 1);
  options.samples = asked.value("num_return_sequences", 1);
  options.length_penalty = asked.value("length_penalty", 1.0);
  options.early_stopping = end_of(asked.value("early_stopping", Json(false)));
  return options;
}

class Continued : public ::testing::TestWithParam<std::string> {
 protected:
  Continued() : folder_(GetParam()), model_(folder_.open()), decoder_(with_cache(model_.scores), {.threads = 1}) {}

  std::vector<GeneratedText> texts(const Json& row, const GenerationOptions& options) {
    const auto prompt = row.at("prompt").get<std::vector<std::int64_t>>();
    return generate(model_, decoder_, {.prompt = prompt, .options = options});
  }

  ModelFolder folder_;
  LanguageModel model_;
  Decoder decoder_;
};

TEST_P(Continued, TokenForTokenAsByTransformers) {
  for (const Json& row : folder_.golden().at("greedy")) {
    const std::vector<GeneratedText> found = texts(row, options_of(folder_.golden(), row));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(Json(found[0].tokens), row.at("texts")[0]) << row.at("options") << row.at("prompt");
  }
}

TEST_P(Continued, WithBeamsTokenForTokenAsByTransformers) {
  for (const Json& row : folder_.golden().at("beams")) {
    const std::vector<GeneratedText> found = texts(row, options_of(folder_.golden(), row));
    ASSERT_EQ(found.size(), row.at("texts").size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(Json(found[i].tokens), row.at("texts")[i]) << row.at("options") << row.at("prompt");
      EXPECT_NEAR(found[i].score, row.at("scores")[i].get<double>(), 1e-4);
    }
  }
}

TEST_P(Continued, WithTheProbabilitiesThatTransformersDrawsBy) {
  for (const Json& row : folder_.golden().at("drawn")) {
    const auto prompt = row.at("prompt").get<std::vector<std::int64_t>>();
    decoder_.begin();
    const Tensor said = decoder_.read(prompt, std::vector<std::int32_t>{0});
    std::vector<float> scores(said.as<float>().begin(), said.as<float>().end());
    change_scores(scores, options_of(folder_.golden(), row),
                  {.tokens = prompt, .prompt = prompt.size(), .ends = model_.ends});
    const std::vector<double> found = probabilities_of(scores);
    const auto expected = row.at("probabilities").get<std::vector<double>>();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5) << row.at("options") << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Continued, ::testing::Values("gpt2", "gpt_neox", "llama", "llama_tied", "qwen2"),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
