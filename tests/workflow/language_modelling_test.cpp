// A language model goes through the whole library: from a text file and random weights to another task.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "enxerto/workflow/transcripts.h"
#include "tests/workflow/text_backbone.h"

namespace enxerto {
namespace {

struct LanguageNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  void result(std::string_view text) override { notice(text); }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

namespace fs = std::filesystem;

constexpr const char *kWho[] = {"cat", "dog", "bird"}, *kDoes[] = {"sat", "slept", "sang", "ate", "hid"},
                     *kWhere[] = {"mat", "rug", "roof", "bed", "road", "tree", "wall"};

class LanguageModelling : public ::testing::Test {
 protected:
  LanguageModelling() {
    std::string name = (fs::temp_directory_path() / "enxerto-lm-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::string text;
    for (std::size_t i = 0; i < 80; ++i)
      text += std::string("the ") + kWho[i % 3] + " " + kDoes[i % 5] + " on the " + kWhere[i % 7] + " . ";
    write("book.txt", text);
  }
  ~LanguageModelling() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  Recipe recipe(const std::string& data, const std::string& output) const {
    Recipe recipe;
    recipe.data.path = (folder_ / data).string();
    recipe.output.path = (folder_ / output).string();
    recipe.run.threads = 1;
    recipe.run.cache.directory = (folder_ / "cache").string();
    return recipe;
  }

  Recipe language_model() const {
    Recipe asked = recipe("book.txt", "lm");
    asked.backbone = {.name = "awd_lstm_small", .weights = "random"};
    asked.input.max_length = 8;
    Phase all;
    all.train_from = "all";
    all.epochs = 6;
    all.batch_size = 8;
    all.learning_rate = 5e-3;
    all.recurrent_dropout = 0.2;
    all.early_stopping.monitor = "val_perplexity";
    asked.phases = {all};
    return asked;
  }

  static Error refused(const Recipe& recipe) {
    try {
      (void)train(recipe);
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::interrupted, {.where = "nothing was refused", .found = "", .expected = "", .tip = ""}};
  }

  fs::path folder_;
};

TEST_F(LanguageModelling, IsLearnedSavedEvaluatedPredictedVerifiedAndBegunAnotherTaskWith) {
  LanguageNotices notices;
  const TrainReport report = train(language_model(), notices);
  EXPECT_TRUE(notices.say("tokens unknown to the vocabulary")) << notices.all;
  EXPECT_FALSE(notices.say("cut off")) << "longer texts are read block by block: " << notices.all;
  EXPECT_EQ(report.task, "language_modelling");
  const MetricValue& perplexity = report.test["perplexity"];
  EXPECT_LT(perplexity.value, perplexity.baseline->value) << "better than frequencies";
  EXPECT_GT(report.test["bits_per_byte"].value, 0);
  EXPECT_NE(report.test_origin.find("the last 20 %"), std::string::npos) << report.test_origin;
  EXPECT_EQ(report.test.find("perplexity_before"), nullptr) << "words of a new network were never known";
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;
  const EvaluationReport again = evaluate(report.model, folder_ / "book.txt");
  EXPECT_GT(again.metrics["perplexity"].value, 1);

  Recipe further = language_model();
  further.backbone = {.name = report.model.string()};
  further.output.path = (folder_ / "further").string();
  EXPECT_NE(train(further).test.find("perplexity_before"), nullptr);

  const Model model = Model::load(report.model, {.threads = 1});
  LanguageNotices losses;
  notice_losses(*open_data((folder_ / "book.txt").string()).all, model.preprocessor(), 1, true, losses);
  EXPECT_FALSE(losses.say("cut off")) << losses.all;
  std::vector<double> found;
  model.predict(*text_lines("the cat sat on the mat . the dog sat on the rug . the cat sat on the mat .\nmat mat the . "
                            "on dog sang the the\n",
                            "-"),
                1, [&](const PredictedExample& one) {
                  EXPECT_EQ(one.bad, "");
                  EXPECT_EQ(one.best.at(0).label, "perplexity");
                  found.push_back(*one.best[0].value);
                });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_LT(found[0], found[1]) << "a long text is read to its end; nonsense is more surprising";

  write("reviews.tsv",
        "text\tlabel\nthe cat sat\t1\nthe dog sat\t0\nthe cat on the mat\t1\nthe dog on the rug\t0\ncat cat\t1\n"
        "dog dog\t0\na cat\t1\na dog\t0\nthe mat cat\t1\nthe rug dog\t0\n");
  Recipe classify = recipe("reviews.tsv", "classifier");
  classify.backbone.name = report.model.string();
  const TrainReport classified = train(classify);
  EXPECT_EQ(classified.task, "classification");
  EXPECT_EQ(classified.recipe.head.pool, "last_avg_max");
}

TEST_F(LanguageModelling, IsBegunByAGptOfCharactersInEpochsOfSoManySteps) {
  Recipe asked = language_model();
  asked.backbone = {.name = "gpt_micro", .weights = "random", .vocabulary = "characters"};
  asked.input.max_length = 0;
  asked.data.test_split = 0.2;
  Phase& phase = asked.phases.front();
  phase.recurrent_dropout = 0;
  phase.epochs = 3;
  phase.steps_per_epoch = 4;
  phase.batch_size = 4;
  const TrainReport report = train(asked);
  EXPECT_EQ(report.phases.at(0).steps, 12);
  EXPECT_LT(report.test["perplexity"].value, report.test["perplexity"].baseline->value + 10);
  asked.output.path += "2";
  phase.carry_state = false;
  EXPECT_NE(std::string(refused(asked).what()).find("steps_per_epoch ends epochs"), std::string::npos);
  phase.carry_state = true;
  asked.input.max_length = 65;
  EXPECT_NE(std::string(refused(asked).what()).find("1 to 64, the network's positions"), std::string::npos);
}

TEST_F(LanguageModelling, RefusesNetworksThatSeeWhatComesAfter) {
  Recipe asked = language_model();
  asked.backbone.name = "bidirectional_lstm";
  const Error error = refused(asked);
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(std::string(error.what()).find("sees the words that it is to predict"), std::string::npos) << error.what();
}

TEST_F(LanguageModelling, RefusesWishesThatNothingHears) {
  Recipe layers = language_model();
  layers.head.hidden = {4};
  EXPECT_EQ(refused(layers).kind(), ErrorKind::usage);
  Recipe kind = language_model();
  kind.backbone.vocabulary = "letters";
  EXPECT_NE(std::string(refused(kind).what()).find("bytes"), std::string::npos);
  write("tiny.tsv", testing::tiny_reviews(40));
  Recipe dropout = recipe("tiny.tsv", "m");
  dropout.backbone.name = testing::write_text_backbone(folder_ / "network").string();
  Phase all;
  all.train_from = "all";
  all.epochs = 1;
  all.recurrent_dropout = 1;
  dropout.phases = {all};
  EXPECT_NE(std::string(refused(dropout).what()).find("no recurrent layer"), std::string::npos);
  dropout.phases[0].recurrent_dropout = 0;
  dropout.phases[0].block_dropout = 0.1;
  dropout.phases[0].train_from = "head";
  EXPECT_NE(std::string(refused(dropout).what()).find("block_dropout"), std::string::npos);
  dropout.phases[0].block_dropout = 0;
  dropout.backbone.vocabulary = "bytes";
  EXPECT_NE(std::string(refused(dropout).what()).find("its own vocabulary"), std::string::npos);
}

TEST_F(LanguageModelling, OfNetworksWithoutPublishedWeightsAsksForRandomOnes) {
  Recipe asked = language_model();
  asked.backbone.weights = "";
  EXPECT_NE(std::string(refused(asked).what()).find("backbone.weights = random"), std::string::npos);
}

TEST_F(LanguageModelling, CarriesStatesFromBlockToBlockOfALongText) {
  LanguageNotices carrying, fresh;
  Recipe asked = language_model();
  asked.phases[0].epochs = 1;
  const double carried = train(asked, carrying).phases.at(0).curves.at(0).second.front();
  EXPECT_TRUE(carrying.say("begin with the states that the one before has left")) << carrying.all;
  asked.phases[0].carry_state = false;
  asked.output.path += "-fresh";
  const double alone = train(asked, fresh).phases.at(0).curves.at(0).second.front();
  EXPECT_FALSE(fresh.say("begin with the states")) << fresh.all;
  EXPECT_NE(carried, alone);
}

}  // namespace
}  // namespace enxerto
