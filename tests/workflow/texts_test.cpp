// Texts go through the whole library: a table, a network in an ONNX file, and a vocabulary next to it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/extract_features.h"
#include "enxerto/workflow/train.h"
#include "tests/workflow/text_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

struct TextNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + '\n'; }
  void result(std::string_view text) override { notice(text); }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

class Texts : public ::testing::Test {
 protected:
  Texts() {
    std::string name = (fs::temp_directory_path() / "enxerto-texts-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    backbone_ = testing::write_text_backbone(folder_ / "network");
    write("reviews.tsv", testing::tiny_reviews(60));
  }
  ~Texts() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  Recipe recipe(const std::string& output) const {
    Recipe recipe;
    recipe.data.path = (folder_ / "reviews.tsv").string();
    recipe.backbone.name = backbone_.string();
    recipe.output.path = (folder_ / output).string();
    recipe.run.threads = 1;
    recipe.run.cache.directory = (folder_ / "cache").string();
    return recipe;
  }

  fs::path folder_, backbone_;
};

TEST_F(Texts, AreLearnedSavedPredictedEvaluatedAndVerified) {
  const TrainReport report = train(recipe("model"));
  EXPECT_EQ(report.task, "classification");
  EXPECT_GT(report.test["accuracy"].value, 0.9);
  const Model model = Model::load(report.model, {.threads = 1});
  std::vector<std::string> labels;
  model.predict(*text_lines("the films was good 0.\nthe film was the film bad bad 1.\n", "-"), 1,
                [&](const PredictedExample& example) { labels.push_back(example.best.at(0).label); });
  EXPECT_EQ(labels, (std::vector<std::string>{"1", "0"}));
  EXPECT_EQ(evaluate(report.model, folder_ / "reviews.tsv").examples, 60U);
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;
}

TEST_F(Texts, AreReadFromTheColumnThatWasLearnedFrom) {
  std::string table = "title,body,label\n", pairs = "sentence1,sentence2,label\n";
  for (int i = 0; i < 40; ++i) {
    std::string films;  // no two rows alike
    for (int word = 0; word <= i / 2; ++word) films += " film";
    table += i % 2 == 0 ? "good" + films + ",the bad bad" + films + ",1\n"
                        : "bad" + films + ",the good good" + films + ",0\n";
    pairs += "good film,the film,1\n";
  }
  write("table.csv", table);
  write("pairs.csv", pairs + "bad film,the film,0\n");
  Recipe asked = recipe("model");
  asked.data.path = (folder_ / "table.csv").string();
  asked.data.texts = {"title"};
  const TrainReport report = train(asked);
  EXPECT_EQ(evaluate(report.model, folder_ / "table.csv").metrics["accuracy"].value, 1);
  try {
    (void)evaluate(report.model, folder_ / "pairs.csv");
    ADD_FAILURE() << "pairs for a model of single texts";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("2 fields"), std::string::npos) << error.what();
  }
}

TEST_F(Texts, AreForNetworksThatReadTexts) {
  Recipe asked = recipe("model");
  asked.backbone.name = "resnet20_cifar";
  asked.backbone.weights = "random";
  try {
    (void)train(asked);
    ADD_FAILURE() << "texts for a network of another medium";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("which this network reads"), std::string::npos) << error.what();
  }
}

TEST_F(Texts, AreShownAsTheNetworkReadsThemBeforeAnythingIsTrained) {
  Recipe asked = recipe("model");
  asked.input.max_length = 6;
  TextNotices notices;
  (void)train(asked, notices);
  EXPECT_TRUE(notices.say("as the network reads reviews.tsv:1 (1): [CLS] the films was [SEP]; cut off:  good 0."))
      << notices.all;
  EXPECT_TRUE(notices.say("60 of 60 texts cut off")) << notices.all;
  EXPECT_TRUE(notices.say("tokens unknown to the vocabulary")) << notices.all;
}

TEST_F(Texts, OfWhichNothingIsCutOffAreNoWarning) {
  TextNotices notices;
  const TrainReport report = train(recipe("model"), notices);
  EXPECT_TRUE(notices.say("0 of 60 texts cut off")) << notices.all;
  for (const std::string& warning : report.warnings)
    EXPECT_EQ(warning.find("texts cut off"), std::string::npos) << warning;
}

TEST_F(Texts, AreNotInTheModelThatLearnedFromThem) {
  (void)train(recipe("model"));
  for (const auto& entry : fs::directory_iterator(folder_ / "model")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(bytes.find("as the network reads"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("the films was"), std::string::npos) << entry.path();
  }
}

TEST_F(Texts, ThatCannotBeReadAreNamedByLineAndByte) {
  for (const auto& [line, reason] :
       {std::pair<std::string, std::string>{"ol\xE1 the film\t1\n", "the byte 0xE1 at byte 3"},
        {" \t1\n", "an empty text"}}) {
    write("reviews.tsv", testing::tiny_reviews(60) + line);
    Recipe strict = recipe("model");
    strict.data.on_bad = OnBad::error;
    try {
      (void)train(strict);
      ADD_FAILURE() << reason;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_NE(std::string(error.what()).find("reviews.tsv:61"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    }
    Recipe skipping = recipe("skipping" + std::to_string(reason.size()));
    const TrainReport report = train(skipping);
    ASSERT_EQ(report.skipped.size(), 1U);
    EXPECT_EQ(report.skipped[0].id, "reviews.tsv:61");
  }
}

TEST_F(Texts, ThatRepeatStayOnOneSideOfTheSplit) {
  write("reviews.tsv", testing::tiny_reviews(60) + testing::tiny_reviews(4));
  TextNotices notices;
  (void)train(recipe("model"), notices);
  EXPECT_TRUE(notices.say("copies of others")) << notices.all;
}

TEST_F(Texts, OfAnotherVocabularyAreRefusedWithBothSizes) {
  Recipe asked = recipe("model");
  asked.backbone.name = testing::write_text_backbone(folder_ / "small", 9).string();
  try {
    (void)train(asked);
    ADD_FAILURE() << "a tokenizer of 14 ids";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("14 ids next to a network with 9 word vectors"), std::string::npos)
        << error.what();
  }
}

TEST_F(Texts, NeedATokenizerNextToTheNetwork) {
  fs::remove(folder_ / "network" / "vocab.txt");
  try {
    (void)train(recipe("model"));
    ADD_FAILURE() << "no tokenizer";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no tokenizer"), std::string::npos) << error.what();
  }
}

TEST_F(Texts, ARecipeForPicturesIsRefused) {
  Recipe asked = recipe("model");
  asked.input.fit = "crop";
  EXPECT_THROW((void)train(asked), Error);
}

TEST_F(Texts, InParagraphsBelongToTheirGroup) {
  std::string table = "text,label,group\n";
  for (int i = 0; i < 60; ++i)
    table += "the film was " + std::string(i % 2 == 0 ? "good " : "bad ") + std::to_string(i) + "," +
             std::to_string(i % 2) + ",g" + std::to_string(i / 4) + "\n";
  write("groups.csv", table);
  Recipe asked = recipe("model");
  asked.data.path = (folder_ / "groups.csv").string();
  TextNotices notices;
  (void)train(asked, notices);
  EXPECT_TRUE(notices.say("15 groups")) << notices.all;
}

#ifdef ENXERTO_HAS_TRAINING

TEST_F(Texts, TrainABlockByGradientFromItsFrozenWordVectors) {
  Recipe asked = recipe("model");
  Phase block;
  block.train_from = "block0";
  block.epochs = 8;
  block.batch_size = 8;
  block.learning_rate = 0.01;
  asked.phases = {block};
  const TrainReport report = train(asked);
  EXPECT_GT(report.test["accuracy"].value, 0.9);
  EXPECT_TRUE(verify(report.model, 1).ok());
}

#endif

TEST_F(Texts, AreKnownAgainWithoutTheLineEndOfTheirFiles) {
  for (int i = 0; i < 8; ++i) {
    const std::string number = std::to_string(i);
    fs::create_directories(folder_ / "files/good");
    fs::create_directories(folder_ / "files/bad");
    write("files/good/" + number + ".txt", "the film was good " + number + ".\n");
    write("files/bad/" + number + ".txt", "the film was bad " + number + ".\n");
  }
  Recipe asked = recipe("model");
  asked.data.path = (folder_ / "files").string();
  const TrainReport report = train(asked);
  std::string table = "text,label\n";
  for (int i = 0; i < 8; ++i) table += "the film was good " + std::to_string(i) + ".,good\n";
  write("table.csv", table + "the film was bad 0.,bad\n");
  const EvaluationReport again = evaluate(report.model, folder_ / "table.csv");
  const EvaluationReport files = evaluate(report.model, folder_ / "files");
  EXPECT_EQ(files.learned_from, report.train_examples);
  EXPECT_GT(again.learned_from.value_or(0), 0U);
}

TEST_F(Texts, ThatAreCutOffOrHaveUnknownWordsAreCounted) {
  Recipe asked = recipe("model");
  asked.input.max_length = 6;
  const TrainReport report = train(asked);
  TextNotices evaluated, written;
  (void)evaluate(report.model, folder_ / "reviews.tsv", {}, evaluated);
  EXPECT_TRUE(evaluated.say("60 of 60 texts cut off (up to 6 tokens)")) << evaluated.all;
  (void)extract_features(asked, {.output = folder_ / "features.csv"}, written);
  EXPECT_TRUE(written.say("60 of 60 texts cut off (up to 6 tokens)")) << written.all;
  TextNotices quiet;
  write("short.csv", "text,label\nthe film was good,1\nthe film was bad,0\n");
  (void)evaluate(report.model, folder_ / "short.csv", {}, quiet);
  EXPECT_FALSE(quiet.say("cut off")) << quiet.all;
  EXPECT_FALSE(quiet.say("unknown")) << quiet.all;
}

TEST_F(Texts, HaveNoUseForWhatPicturesAreAskedFor) {
  const auto refused = [&](const auto& change) -> std::string {
    Recipe asked = recipe("model");
    change(asked.input);
    try {
      (void)train(asked);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
      return error.what();
    }
    return "nothing was refused";
  };
  EXPECT_TRUE(refused([](auto& input) { input.size = 96; }).starts_with("input.size: 96 px has no effect"));
  EXPECT_TRUE(refused([](auto& input) {
                input.fit = "crop";
              }).starts_with("input.fit: has no effect: the network reads texts"));
  EXPECT_TRUE(refused([](auto& input) { input.normalise = "unit"; }).starts_with("input.normalise: has no effect"));
  EXPECT_TRUE(refused([](auto& input) { input.max_length = 2; }).find("more than the 2 tokens") != std::string::npos);
}

TEST_F(Texts, InPortugueseAreLearnedByTheRecipeForThem) {
  const fs::path recipes(ENXERTO_RECIPES_DIR);
  Recipe asked = read_recipe(recipes / "sentimento-pt.toml");
  const Recipe own = recipe("model");
  asked.data.path = (recipes.parent_path() / "tests/golden/texts/frases_pt.tsv").string();
  asked.backbone = own.backbone;
  asked.output = own.output;
  asked.run = own.run;
  TextNotices notices;
  const TrainReport report = train(asked, notices);
  EXPECT_EQ(report.classes, (std::vector<std::string>{"negativo", "positivo"}));
  EXPECT_EQ(report.train_examples, 48U);
  EXPECT_EQ(report.test_examples, 12U);
  EXPECT_TRUE(report.skipped.empty());
  EXPECT_TRUE(notices.say("tokens unknown to the vocabulary, in 60 examples")) << notices.all;  // of a tiny English one
}

TEST_F(Texts, AreNotTrainedOnForAPlaceThatCannotBeWritten) {
  Recipe asked = recipe("model");
  asked.output.path = "/proc/model";
  for (const auto& run : {std::function<void()>([&] { (void)train(asked); }),
                          std::function<void()>([&] { (void)extract_features(asked, {.output = "/proc/f.npy"}); })}) {
    try {
      run();
      ADD_FAILURE() << "/proc was written";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::disk) << error.what();
      EXPECT_NE(std::string(error.what()).find("the folder /proc cannot be written"), std::string::npos)
          << error.what();
    }
  }
}

}  // namespace
}  // namespace enxerto
