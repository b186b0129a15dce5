#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/translator.h"
#include "enxerto/metrics/translation_scores.h"
#include "tests/generation/translation_folder.h"

namespace enxerto {
namespace {

class TranslationGoldens : public ::testing::TestWithParam<std::string> {};

TEST_P(TranslationGoldens, OfAllWordsAtOnceHaveTheScoresOfTransformers) {
  const TranslationFolder folder(GetParam());
  const Json& golden = folder.golden();
  const TranslationNetwork network = load_translation_network(folder.path());
  TensorMap inputs;
  for (const char* name : {"input_ids", "attention_mask", "decoder_input_ids"})
    inputs.set(name, numbers_in(golden.at(name)));
  const Tensor scores = compile(network.graph, {.threads = 1})->run(inputs).begin()->second;
  const Json& wanted = golden.at("logits");
  for (std::size_t row = 0; row < wanted.size(); ++row)
    for (std::size_t word = 0; word < wanted[row].size(); ++word)
      ASSERT_NEAR(scores.as<float>()[row * wanted[row].size() + word], wanted[row][word].get<double>(), 1e-4);
}

TEST_P(TranslationGoldens, WordByWordHaveThoseOfAllAtOnce) {
  const TranslationFolder folder(GetParam());
  const Json& golden = folder.golden();
  const TranslationNetwork network = load_translation_network(folder.path());
  TranslationDecoder decoder(translation_parts(network.graph), {.threads = 1});
  TensorMap sources;
  for (const char* name : {"input_ids", "attention_mask"}) sources.set(name, numbers_in(golden.at(name)));
  decoder.begin(sources);
  const Json& words = golden.at("decoder_input_ids");
  const std::vector<std::int32_t> rows{0, 1};
  for (std::size_t i = 0; i < words[0].size(); ++i) {
    const Tensor scores = decoder.step(std::vector<std::int64_t>{words[0][i], words[1][i]}, rows, rows);
    const auto width = static_cast<std::size_t>(decoder.words());
    for (const std::size_t row : {std::size_t{0}, std::size_t{1}})
      for (std::size_t word = 0; word < width; ++word)
        ASSERT_NEAR(scores.as<float>()[row * width + word],
                    golden.at("logits")[row * words[0].size() + i][word].get<double>(), 1e-4);
  }
}

TEST(Translator, NamesTheBytesThatItHasNoMemoryForBeforeItBegins) {
  const TranslationFolder folder("marian");
  const std::vector<std::string> texts{"a cat"};
  GenerationOptions options;
  options.beams = 8;
  options.max_new_tokens = 100;
  Translator none(load_translation_network(folder.path()), {.threads = 1}, 10'000);
  try {
    (void)none.translate(texts, options, "texts");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::memory);
    EXPECT_NE(error.text().found.find("kB for a text of up to "), std::string::npos) << error.what();
    EXPECT_NE(error.text().found.find("with 8 beams, and 10.0 kB are available"), std::string::npos) << error.what();
  }
}

TEST(Translator, WritesFewerTextsSideBySideWhereMemoryIsShortAndTheSameOnes) {
  const TranslationFolder folder("marian");
  const std::vector<std::string> texts{"a cat", "the red dog sings", "a bird", "the cat"};
  GenerationOptions options;
  options.max_new_tokens = 12;
  Translator all(load_translation_network(folder.path()), {.threads = 1}),
      few(load_translation_network(folder.path()), {.threads = 1}, 60'000);
  const auto wanted = all.translate(texts, options, "texts"), found = few.translate(texts, options, "texts");
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(found[i].tokens, wanted[i].tokens) << i;
}

TEST(Translator, RefusesMoreBeamsThanItHasWords) {
  const TranslationFolder folder("marian");
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  GenerationOptions options;
  options.beams = 200;
  const std::vector<std::string> texts{"a cat"};
  try {
    (void)translator.translate(texts, options, "texts");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("200 of a network of 98 words"), std::string::npos) << error.what();
  }
}

TEST_P(TranslationGoldens, AreThoseOfTransformersTokenForToken) {
  const TranslationFolder folder(GetParam());
  const Json& golden = folder.golden();
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  for (const Json& row : golden.at("translations")) {
    const Json& asked = row.at("options");
    GenerationOptions options;
    options.max_new_tokens = golden.at("tokens");
    options.beams = asked.value("num_beams", 1);
    options.length_penalty = asked.value("length_penalty", 1.0);
    options.no_repeat_ngram = asked.value("no_repeat_ngram_size", 0);
    const Translation found = translator.translate(std::vector<std::string>{row.at("text")}, options, "test").front();
    EXPECT_EQ(Json(found.tokens), row.at("ids")) << row.at("text") << asked;
    EXPECT_EQ(found.text, row.at("said").get<std::string>());
    if (row.contains("score")) {
      EXPECT_NEAR(found.score, row.at("score").get<double>(), 1e-4);
    }
  }
}

TEST_P(TranslationGoldens, InABatchAreThoseAlone) {
  const TranslationFolder folder(GetParam());
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  std::vector<std::string> texts;
  for (const Json& row : folder.golden().at("translations"))
    if (texts.empty() || texts.back() != row.at("text").get<std::string>()) texts.push_back(row.at("text"));
  texts.insert(texts.begin() + 1, " ");
  for (const std::int64_t beams : {1, 3}) {
    const GenerationOptions options{.max_new_tokens = 14, .beams = beams};
    const std::vector<Translation> together = translator.translate(texts, options, "test");
    ASSERT_EQ(together.size(), texts.size());
    EXPECT_EQ(together[1].text, "");
    for (std::size_t i = 0; i < texts.size(); ++i)
      EXPECT_EQ(together[i].tokens, translator.translate({&texts[i], 1}, options, "test").front().tokens) << texts[i];
  }
}

INSTANTIATE_TEST_SUITE_P(All, TranslationGoldens, ::testing::Values("marian", "marian_uneven", "t5", "t5_gated"),
                         [](const auto& network) { return network.param; });

TEST(Translator, SaysWhatWasCutOffAndWhatIsUnknown) {
  const TranslationFolder folder("marian");
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  std::string text;
  for (int i = 0; i < 80; ++i) text += "man ";
  const std::vector<Translation> found =
      translator.translate(std::vector<std::string>{text, "漢"}, {.max_new_tokens = 3}, "test");
  EXPECT_EQ(found[0].source_tokens, 64U);
  EXPECT_GT(found[0].cut, 0U);
  EXPECT_EQ(found[0].unknown, 0U);
  EXPECT_GT(found[1].unknown, 0U);
  const std::vector<std::string> losses = losses_of(found, translator.network());
  ASSERT_GE(losses.size(), 2U);
  EXPECT_NE(losses[0].find("longer than the 64 tokens"), std::string::npos) << losses[0];
}

TEST(Translator, TakesBeamsAsTheNetworkSays) {
  const TranslationFolder folder("marian");
  const TranslationNetwork network = load_translation_network(folder.path());
  EXPECT_EQ(network.beams, 4);
  EXPECT_EQ(network.forced_end, std::optional<std::int64_t>(0));
}

TEST(Translator, OfT5WritesItsPaddingAsTransformersDoes) {
  const TranslationNetwork network = load_translation_network(TranslationFolder("t5").path());
  EXPECT_EQ(network.begin, 0);
  EXPECT_EQ(network.end, 1);
  EXPECT_TRUE(network.never.empty());
}

TEST(Translator, EvaluatesPairs) {
  const TranslationFolder folder("marian");
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  TextPairs pairs;
  for (const Json& row : folder.golden().at("translations")) {
    if (row.at("options") != Json::object()) continue;
    pairs.sources.push_back(row.at("text"));
    pairs.targets.push_back(row.at("said"));
  }
  const GenerationOptions options{.max_new_tokens = folder.golden().at("tokens")};
  const TranslationEvaluation found = evaluate_translations(translator, pairs, options, "test", no_progress());
  EXPECT_NEAR(found.metrics["bleu"].value, 100, 1e-9);
  EXPECT_EQ(found.metrics["exact_match"].value, 1);
  EXPECT_EQ(suspected_swap(pairs, found), "");
}

TEST(Translator, SuspectsThatSourceAndTargetAreSwapped) {
  const TextPairs pairs{.sources = {"um gato preto dorme aqui"}, .targets = {"a black cat sleeps here"}, .lines = {1}};
  TranslationEvaluation found;
  found.translations.push_back({.text = "um gato preto dorme aqui"});
  TranslationScores scores;
  scores.add(pairs.sources[0], found.translations[0].text, pairs.targets[0]);
  scores.report(found.metrics);
  const std::string sentence = suspected_swap(pairs, found);
  EXPECT_NE(sentence.find("100 % are copies"), std::string::npos) << sentence;
}

TEST(Translator, RefusesWhatHasNoEffect) {
  const TranslationFolder folder("marian");
  Translator translator(load_translation_network(folder.path()), {.threads = 1});
  EXPECT_THROW((void)translator.translate(std::vector<std::string>{"a"}, {.temperature = 1}, "test"), Error);
}

}  // namespace
}  // namespace enxerto
