// A network that translates goes through the whole library: from two files of lines to lines that it writes.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/translator.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/train.h"
#include "tests/generation/translation_folder.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

struct TranslationNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  void result(std::string_view text) override { results += std::string(text) + "\n"; }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all, results;
};

constexpr const char *kBeings[] = {"cat", "dog", "bird"}, *kSeres[] = {"gato", "cachorro", "passaro"},
                     *kColours[] = {"red", "blue", "green", "black"},
                     *kCores[] = {"vermelho", "azul", "verde", "preto"},
                     *kActs[] = {"sleeps", "eats", "sings", "runs", "hides"},
                     *kAtos[] = {"dorme", "come", "canta", "corre", "some"};

class Translations : public ::testing::Test {
 protected:
  Translations() {
    std::string source, target;
    for (std::size_t i = 0; i < 180; ++i) {
      const std::size_t who = i % 3, colour = i / 3 % 4, act = i / 12 % 5;
      source += std::string("the ") + kColours[colour] + " " + kBeings[who] + " " + kActs[act] + "\n";
      target += std::string("o ") + kSeres[who] + " " + kCores[colour] + " " + kAtos[act] + "\n";
    }
    write("pairs.en", source);
    write("pairs.pt", target);
  }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Recipe recipe(const std::string& output) const {
    Recipe recipe;
    recipe.data.path = path("pairs.{en,pt}");
    recipe.data.test_split = 0.1;
    recipe.output.path = path(output);
    recipe.run.threads = 1;
    recipe.run.cache.directory = path("cache");
    recipe.training.refit = Refit::never;
    return recipe;
  }

  static Phase phase_of(const std::string& from, double rate, std::int64_t epochs) {
    Phase phase;
    phase.train_from = from;
    phase.optimizer.kind = "adamw";
    phase.learning_rate = rate;
    phase.batch_size = 16;
    phase.epochs = epochs;
    phase.clip_norm = 1;
    phase.early_stopping.monitor = "val_perplexity";
    return phase;
  }

  Recipe from_nothing() const {
    Recipe asked = recipe("own");
    asked.backbone = {.name = "translation_tiny", .weights = "random", .vocabulary = "pieces", .vocabulary_size = 200};
    asked.loss.label_smoothing = 0.1;
    asked.phases = {phase_of("all", 3e-3, 3)};
    return asked;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(Translations, AreLearnedFromNothingSavedAndWritten) {
  const TrainReport report = train(from_nothing());
  EXPECT_EQ(report.task, "sequence_to_sequence");
  EXPECT_LT(report.test["perplexity"].value, 8);  // of some 60 pieces
  EXPECT_EQ(report.test.find("bleu_before"), nullptr);
  EXPECT_TRUE(verify(path("own"), 1).ok());
  Translator translator(load_translation_network(path("own")), {.threads = 1});
  TextPairs pairs{.sources = {"the red dog sings"}, .targets = {"o cachorro vermelho canta"}, .lines = {1}};
  const TranslationEvaluation found = evaluate_translations(translator, pairs, {}, "test", no_progress());
  EXPECT_NE(found.translations.front().text, "");
}

TEST_F(Translations, IntoAnotherLanguageTakeTheFrozenEncoderOfASavedModel) {
  Recipe first = from_nothing();
  first.phases.front().epochs = 1;
  (void)train(first);
  Recipe asked = recipe("other");
  asked.data.path = path("pairs.{pt,en}");
  asked.backbone = {.name = path("own"), .vocabulary = "pieces", .vocabulary_size = 150};
  asked.phases = {phase_of("decoder0", 3e-3, 1)};
  const TrainReport report = train(asked);
  EXPECT_NE(report.phases.at(0).frozen.find("cached features"), std::string::npos) << report.phases.at(0).frozen;
  const TranslationNetwork before = load_translation_network(path("own")),
                           after = load_translation_network(path("other"));
  std::size_t frozen = 0;
  for (const auto& [name, tensor] : before.graph.parameters) {
    const bool source = name.starts_with("encoder") || name.starts_with("embeddings");
    if (!source) continue;
    ++frozen;
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), after.graph.parameters.at(name).bytes())) << name;
  }
  EXPECT_GT(frozen, 10U);
  EXPECT_NE(after.target->number_of("▁the"), std::nullopt);
}

TEST_F(Translations, OfAFolderOfTransformersAreTunedFromTheDecoderOn) {
  const TranslationFolder marian("marian");
  Recipe asked = recipe("tuned");
  asked.backbone.name = marian.path().string();
  asked.training.epochs = 1;
  TranslationNotices notices;
  const TrainReport report = train(asked, notices);
  EXPECT_EQ(report.phases.at(0).phase.train_from, "decoder0");
  EXPECT_NE(report.test.find("bleu_before"), nullptr);
  const Json translated = load_translation_network(path("tuned")).beams;
  EXPECT_EQ(translated, 4);
}

TEST_F(Translations, OfT5AreTunedToo) {
  const TranslationFolder t5("t5");
  Recipe asked = recipe("t5");
  asked.backbone.name = t5.path().string();
  asked.phases = {phase_of("decoder0", 1e-3, 1)};
  const TrainReport report = train(asked);
  EXPECT_LE(report.test["perplexity"].value, report.test["perplexity_before"].value);  // it is never worse
  EXPECT_TRUE(verify(path("t5"), 1).ok());
}

TEST_F(Translations, AreLearnedInBatchesOfTokensAndKeptAsTheMeanOfEpochsWhereThatIsBetter) {
  Recipe asked = from_nothing();
  asked.phases.front().batch_size = 0;
  asked.phases.front().batch_tokens = 128;
  asked.phases.front().average_epochs = 3;
  asked.phases.front().epochs = 4;
  TranslationNotices notices;
  const TrainReport report = train(asked, notices);
  const PhaseReport& phase = report.phases.at(0);
  EXPECT_EQ(phase.steps % 4, 0);
  EXPECT_GE(phase.steps, 4 * 120 * 5 / 128) << "a sentence has four pieces and an end at least";
  EXPECT_LT(phase.steps, 4 * 120 / 4) << "more than four of them are in a batch";
  EXPECT_LT(report.test["perplexity"].value, 8);
  EXPECT_NE(notices.results.find("mean of the weights of epochs "), std::string::npos) << notices.results;
  EXPECT_EQ(phase.mean.empty(), notices.results.find("not kept") != std::string::npos) << notices.results;
  EXPECT_TRUE(verify(path("own"), 1).ok());
}

TEST_F(Translations, OfFrozenEncodersAreCountedInTokensToo) {
  const TranslationFolder marian("marian");
  Recipe asked = recipe("counted");
  asked.backbone.name = marian.path().string();
  asked.phases = {phase_of("decoder0", 1e-3, 2)};
  asked.phases.front().batch_size = 0;
  asked.phases.front().batch_tokens = 512;
  const TrainReport report = train(asked);
  EXPECT_GT(report.phases.at(0).steps, 2);
}

TEST_F(Translations, ThatTrainingMakesNoBetterAreKeptAsTheyWere) {
  const TranslationFolder marian("marian");
  Recipe asked = recipe("kept");
  asked.backbone.name = marian.path().string();
  asked.phases = {phase_of("decoder0", 1e-12, 1)};
  asked.phases.front().early_stopping.monitor = "val_bleu";
  TranslationNotices notices;
  const TrainReport report = train(asked, notices);
  EXPECT_TRUE(notices.say("training has not made it better")) << notices.all;
  EXPECT_FALSE(report.phases.at(0).best);
  const TranslationNetwork before = load_translation_network(marian.path()),
                           after = load_translation_network(path("kept"));
  for (const auto& [name, tensor] : before.graph.parameters)
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), after.graph.parameters.at(name).bytes())) << name;
}

TEST_F(Translations, OfACutVocabularyAreRefusedByItsName) {
  const TranslationFolder marian("marian");
  Json pieces = read_json(marian.path() / "vocab.json", std::size_t{1} << 20);
  for (auto piece = pieces.begin(); piece != pieces.end();)
    piece = piece.value().get<std::int64_t>() >= 60 ? pieces.erase(piece) : std::next(piece);
  std::ofstream(marian.path() / "vocab.json") << pieces.dump();
  try {
    (void)load_translation_network(marian.path());
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what())
                  .find("vocab.json: 60 pieces, and the network has 98 words: the vocabulary is cut off"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(Translations, OfFilesOfDifferentLengthsAreRefused) {
  write("short.pt", "um\ndois\n");
  Recipe asked = from_nothing();
  asked.data.path = path("pairs.en") + "," + path("short.pt");
  try {
    (void)train(asked);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_NE(error.text().found.find("the first without a partner is line 3 of pairs.en"), std::string::npos)
        << error.text().found;
  }
}

TEST_F(Translations, OfAVocabularyOfWordsAreRefused) {
  Recipe asked = from_nothing();
  asked.backbone.vocabulary = "words";
  asked.backbone.vocabulary_size = 8000;
  EXPECT_THROW((void)train(asked), Error);
}

TEST_F(Translations, WithBlankSidesOrTooLongAreNoticed) {
  std::string source, target;
  for (std::size_t i = 0; i < 120; ++i) {
    source +=
        i == 7 ? "\n" : std::string("the ") + kColours[i % 4] + " " + kBeings[i % 3] + " " + kActs[i / 12 % 5] + "\n";
    target += std::string("o ") + kSeres[i % 3] + " " + kCores[i % 4] + " " + kAtos[i / 12 % 5] + "\n";
  }
  write("gaps.en", source);
  write("gaps.pt", target);
  Recipe asked = from_nothing();
  asked.data.path = path("gaps.{en,pt}");
  asked.input.max_length = 4;
  asked.phases = {phase_of("all", 1e-3, 1)};
  TranslationNotices notices;
  (void)train(asked, notices);
  EXPECT_TRUE(notices.say("left out 1 pair of which one side or both are blank, the first in line 8")) << notices.all;
  EXPECT_TRUE(notices.say("cut off")) << notices.all;
}

TEST_F(Translations, AreOpenedFromTablesAndLinesOfJson) {
  write("pairs.tsv", "source\ttarget\na cat\tum gato\na dog\tum cachorro\n");
  write("pairs.jsonl", R"({"translation": {"en": "a cat", "pt": "um gato"}})"
                       "\n");
  const DataParts table = open_data(path("pairs.tsv"), {.kind = "translations"});
  EXPECT_EQ(table.all->size(), 2U);
  EXPECT_EQ(table.all->info().target.kind, "translations");
  EXPECT_EQ(table.all->info().inputs.size(), 2U);
  const DataParts lines = open_data(path("pairs.jsonl"));
  EXPECT_EQ(lines.all->info().target.kind, "translations");
  EXPECT_EQ(lines.all->get(0)->id(), "pairs.jsonl:1");
}

}  // namespace
}  // namespace enxerto
