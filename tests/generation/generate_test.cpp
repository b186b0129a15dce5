#include "enxerto/generation/generate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "enxerto/generation/open_decoder.h"
#include "tests/files/thrown.h"
#include "tests/generation/model_folder.h"

namespace enxerto {
namespace {

class Generation : public ::testing::Test {
 protected:
  Generation() : folder_("llama"), model_(folder_.open()), decoder_(with_cache(model_.scores), {.threads = 1}) {}

  std::vector<GeneratedText> texts(const GenerationOptions& options, std::string* written = nullptr) {
    GenerationRequest request{.prompt = prompt_, .options = options};
    if (written != nullptr) request.written = [written](std::string_view text) { *written += text; };
    return generate(model_, decoder_, request);
  }

  testing::ModelFolder folder_;
  LanguageModel model_;
  Decoder decoder_;
  std::vector<std::int64_t> prompt_{3, 9, 14, 9};  // goes on: 12 41 44 44 30 12 12 24 ..
};

TEST_F(Generation, EndsBeforeAStopTextThatLiesInSeveralTokens) {
  std::string written;
  const GeneratedText text = texts({.max_new_tokens = 8, .stop = {"zzz", "4 w30"}}, &written).at(0);
  EXPECT_EQ(text.text, " w12 w41 w44 w4");
  EXPECT_EQ(written, text.text);
  EXPECT_EQ(text.reason, EndReason::stop_text);
  EXPECT_EQ(text.stop, "4 w30");
  EXPECT_EQ(text.tokens.size(), 5U);
}

TEST_F(Generation, ShowsWhatMightHaveBeenTheBeginningOfAStopText) {
  std::string written;
  const GeneratedText text = texts({.max_new_tokens = 4, .stop = {"w44 w44 w44"}}, &written).at(0);
  EXPECT_EQ(text.text, " w12 w41 w44 w44");
  EXPECT_EQ(written, text.text);
  EXPECT_EQ(text.reason, EndReason::max_new_tokens);
}

TEST_F(Generation, EndsWithBeamsAtAStopTextToo) {
  const GeneratedText text = texts({.max_new_tokens = 8, .beams = 2, .stop = {"w44"}}).at(0);
  EXPECT_EQ(text.text.find("w44"), std::string::npos);
}

TEST_F(Generation, DrawsTheSameTextsForTheSameSeedAndOthersForAnother) {
  const auto drawn = [&](std::uint64_t seed) {
    std::vector<std::string> found;
    for (const GeneratedText& text : texts({.max_new_tokens = 6, .temperature = 1.5, .samples = 4, .seed = seed}))
      found.push_back(text.text);
    return found;
  };
  EXPECT_EQ(drawn(3), drawn(3));
  EXPECT_NE(drawn(3), drawn(4));
  EXPECT_NE(drawn(3)[0], drawn(3)[1]);
}

TEST_F(Generation, DrawsOneTextAsItIsAmongSeveral) {
  const std::string alone = texts({.max_new_tokens = 8, .temperature = 1.5, .seed = 3}).at(0).text;
  EXPECT_EQ(texts({.max_new_tokens = 8, .temperature = 1.5, .samples = 5, .seed = 3}).at(0).text, alone);
}

TEST_F(Generation, DrawsAsOftenAsProbable) {
  std::vector<double> counts(50), shares(50);
  decoder_.begin();
  const Tensor said = decoder_.read(prompt_, std::vector<std::int32_t>{0});
  const auto scores = said.as<float>();
  double sum = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) sum += shares[i] = std::exp(scores[i]);
  const double texts_drawn = 1000;
  for (const GeneratedText& text :
       texts({.max_new_tokens = 1, .temperature = 1, .samples = static_cast<std::int64_t>(texts_drawn), .seed = 1}))
    counts[static_cast<std::size_t>(text.tokens[0])] += 1 / texts_drawn;
  for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(counts[i], shares[i] / sum, 0.05) << i;
}

TEST_F(Generation, EndsWhereTheContextIsUsedUp) {
  model_.context = 7;
  const GeneratedText text = texts({.max_new_tokens = 20}).at(0);
  EXPECT_EQ(text.tokens.size(), 3U);
  EXPECT_EQ(text.reason, EndReason::context);
  model_.context = 4;
  expect_says(thrown_by([&] { (void)texts({}); }), ErrorKind::data, "4 tokens; expected at most 3");
}

TEST_F(Generation, GoesOnBehindTheContextWithItsSecondHalfWhereAsked) {
  model_.context = 7;
  const GeneratedText text = texts({.max_new_tokens = 9, .slide = true}).at(0);
  ASSERT_EQ(text.tokens.size(), 9U);
  EXPECT_EQ(text.reason, EndReason::max_new_tokens);
  prompt_.assign(text.tokens.begin() + 1, text.tokens.begin() + 4);
  const GeneratedText rest = texts({.max_new_tokens = 4}).at(0);
  EXPECT_TRUE(std::ranges::equal(std::span(text.tokens).subspan(4, 4), rest.tokens));
  EXPECT_EQ(texts({.max_new_tokens = 30, .temperature = 1, .samples = 3, .slide = true}).size(), 3U);
  model_.context = 0;
  expect_says(thrown_by([&] { (void)texts({.slide = true}); }), ErrorKind::usage, "--slide: no effect");
  expect_says(thrown_by([&] { check({.beams = 2, .slide = true}); }), ErrorKind::usage, "--slide: ");
}

TEST_F(Generation, OfPromptsOfDifferentLengthsSideBySideIsThatOfEachAlone) {
  const std::vector<std::vector<std::int64_t>> prompts{{3, 9, 14, 9}, {5}, {7, 7, 8, 20, 30, 11, 4}};
  for (const GenerationOptions& options :
       {GenerationOptions{.max_new_tokens = 6}, GenerationOptions{.max_new_tokens = 9, .temperature = 1, .samples = 3},
        GenerationOptions{.max_new_tokens = 5, .beams = 2}}) {
    std::vector<GenerationRequest> requests;
    for (const auto& prompt : prompts)
      requests.push_back({.prompt = prompt, .number = requests.size(), .options = options});
    const auto found = generate_all(model_, decoder_, requests);
    ASSERT_EQ(found.size(), prompts.size());
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      const std::vector<GeneratedText> alone = generate(model_, decoder_, requests[i]);
      ASSERT_EQ(found[i].size(), alone.size());
      for (std::size_t sample = 0; sample < alone.size(); ++sample)
        EXPECT_EQ(found[i][sample].tokens, alone[sample].tokens) << i << " " << sample;
    }
  }
}

TEST_F(Generation, OfPromptsSideBySideEndsEachWhereItsContextIsUsedUp) {
  model_.context = 7;
  const std::vector<std::vector<std::int64_t>> prompts{{3, 9, 14, 9}, {5}};
  const GenerationOptions options{.max_new_tokens = 5};
  std::vector<GenerationRequest> requests;
  for (const auto& prompt : prompts) requests.push_back({.prompt = prompt, .options = options});
  const auto found = generate_all(model_, decoder_, requests);
  EXPECT_EQ(found[0][0].tokens.size(), 3U);
  EXPECT_EQ(found[0][0].reason, EndReason::context);
  EXPECT_EQ(found[1][0].tokens.size(), 5U);
  EXPECT_EQ(found[1][0].reason, EndReason::max_new_tokens);
}

TEST_F(Generation, NamesTheBytesThatItLacksBeforeItBegins) {
  model_.context = 0;
  const std::vector<Prompt> prompts{{.name = "prompt", .text = "w3", .tokens = {3}}};
  const Error error = thrown_by([&] {
    (void)open_decoder(model_, prompts, {.max_new_tokens = 1 << 20, .temperature = 1, .samples = 1024},
                       {.memory = 200'000'000'000}, no_progress());
  });
  expect_says(error, ErrorKind::memory, "206 GB for 1,024 texts of 1,048,577 tokens");
}

TEST_F(Generation, SaysWhatHasNoEffect) {
  const std::vector<std::pair<GenerationOptions, std::string>> refused{
      {{.top_k = 5}, "--top-k"},
      {{.top_p = 0.5}, "--top-p"},
      {{.min_p = 0.1}, "--min-p"},
      {{.samples = 2}, "--samples"},
      {{.seed = 1}, "--seed"},
      {{.temperature = 1, .beams = 2}, "--temperature"},
      {{.length_penalty = 2}, "--length-penalty"},
      {{.samples = 3, .beams = 2}, "--samples"},
      {{.temperature = 1, .top_p = 1.5}, "--top-p"},
      {{.max_new_tokens = 0}, "--max-new-tokens"},
      {{.stop = {""}}, "--stop"},
  };
  for (const auto& [options, name] : refused)
    expect_says(thrown_by([&] { check(options); }), ErrorKind::usage, name + ": ");
}

}  // namespace
}  // namespace enxerto
