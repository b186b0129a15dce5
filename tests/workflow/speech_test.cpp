// Speech recognition goes through the whole library: from recordings and transcripts to what a saved model writes.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/files/json.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/onnx/import.h"
#include "enxerto/tasks/word_search.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

struct SpeechNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

/// Each letter is a tone.
class Speech : public ::testing::Test {
 protected:
  Speech() {
    constexpr std::string_view kTexts[] = {"ab", "ba", "a b", "b a", "aab", "abb"};
    for (std::size_t i = 0; i < 24; ++i) write(std::to_string(i), kTexts[i % std::size(kTexts)], i);
  }

  void write(const std::string& name, std::string_view text, std::size_t number, double letter_seconds = 0.1) const {
    constexpr double kRate = 8'000, kLoud = 9'000;
    std::vector<std::int16_t> samples;
    for (const char letter : text) {
      const double pitch = letter == 'a' ? 500 : 1'400;
      for (double t = 0; t < letter_seconds; t += 1 / kRate)
        samples.push_back(static_cast<std::int16_t>(
            letter == ' ' ? 0 : kLoud * std::sin(2 * std::numbers::pi * (pitch + static_cast<double>(number)) * t)));
      if (letter_seconds > 0.05) samples.insert(samples.end(), 160, 0);
    }
    const std::vector<std::byte> file = wav_file(samples, 8'000);
    std::filesystem::create_directories(folder_.path() / "data");
    std::ofstream(folder_.path() / "data" / (name + ".wav"), std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()), std::ssize(file));
    std::ofstream(folder_.path() / "data" / (name + ".txt")) << text;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Recipe recipe(const std::string& output, std::int64_t epochs) const {
    Recipe recipe;
    recipe.data.path = path("data");
    recipe.data.test_split = 0.2;
    recipe.backbone = {.name = "speech_lstm_8khz", .weights = "random"};
    recipe.output.path = path(output);
    recipe.run.threads = 1;
    recipe.run.cache.directory = path("cache");
    recipe.training.refit = Refit::never;
    Phase phase;
    phase.train_from = "conv0";
    phase.optimizer.kind = "adamw";
    phase.learning_rate = 2e-3;
    phase.batch_size = 4;
    phase.epochs = epochs;
    phase.clip_norm = 1;
    phase.early_stopping.monitor = "val_wer";
    recipe.phases = {phase};
    return recipe;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(Speech, IsHeardAtTheRateOfTheNetworkAlone) {
  Recipe asked = recipe("model", 1);
  asked.input.rate = 16'000;
  try {
    (void)train(asked);
    FAIL() << "its filters stand for other pitches there";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.text().expected, "8000 Hz, at which speech_lstm_8khz hears");
  }
}

TEST_F(Speech, IsLearnedFromNothingSavedMeasuredAndWritten) {
  write("strange", "abababababababab", 0, 0.005);  // five frames for sixteen characters
  SpeechNotices notices;
  const TrainReport report = train(recipe("own", 2), notices);
  EXPECT_EQ(report.task, "speech_recognition");
  EXPECT_TRUE(notices.say("can be written")) << notices.all;
  EXPECT_TRUE(notices.say("strange.wav (4 frames for 16 characters)")) << notices.all;
  EXPECT_TRUE(std::isfinite(report.test["wer"].value));
  Model::load(report.model).export_onnx(path("own.onnx"));
  const Json characters = parse_json(read_onnx(path("own.onnx")).metadata.at("enxerto.characters"), "own.onnx");
  EXPECT_EQ(characters.at(0), "") << "the blank";
  EXPECT_GT(characters.size(), 2U);
  EXPECT_EQ(report.test["wer"].baseline->value, 1);
  EXPECT_NE(report.phases.at(0).frozen.find("cached features"), std::string::npos) << report.phases.at(0).frozen;
  EXPECT_TRUE(verify(path("own"), 1).ok());
  EvaluateOptions options;
  options.threads = 1;
  const EvaluationReport again = evaluate(path("own"), path("data"), options);
  EXPECT_EQ(again.task, "speech_recognition");
  const Model model = Model::load(path("own"), {.threads = 1});
  std::size_t predicted = 0;
  model.predict(*open_files({path("data")}, Medium::audio), {.beams = 5}, [&](const PredictedExample& example) {
    EXPECT_TRUE(example.bad.empty()) << example.bad;
    ASSERT_EQ(example.best.size(), 1U);
    EXPECT_GE(*example.best[0].score, 0);
    ++predicted;
  });
  EXPECT_EQ(predicted, 25U);
}

TEST_F(Speech, IsMeasuredAndWrittenWithALanguageModelOfItsWords) {
  (void)train(recipe("own", 1));
  const auto arpa = [&](const std::string& name, const std::string& word) {
    std::ofstream(path(name)) << "\\data\\\nngram 1=2\n\n\\1-grams:\n-1\t</s>\n-1\t" << word << "\n\n\\end\\\n";
    return NgramModel::read(path(name));
  };
  EvaluateOptions options;
  options.threads = 1;
  // So large a bonus for words makes as many of them as there are frames.
  options.reading.words = std::make_shared<const WordSearch>(WordSearch{arpa("a.arpa", "a"), 0.0, 200.0});
  EXPECT_GT(evaluate(path("own"), path("data"), options).metrics["wer"].value, 1);
  options.reading.words = std::make_shared<const WordSearch>(WordSearch{arpa("other.arpa", "XYZ")});
  EXPECT_THROW((void)evaluate(path("own"), path("data"), options), Error);  // no word can be written
}

TEST_F(Speech, OfAnotherDataSetKeepsTheHeadsOfCharactersThatAreKnown) {
  (void)train(recipe("own", 1));
  write("c", "cab", 0);
  write("d", "bac", 1);
  Recipe asked = recipe("other", 1);
  asked.backbone = {.name = path("own")};
  SpeechNotices notices;
  (void)train(asked, notices);
  EXPECT_TRUE(notices.say("the head keeps 4 of its ")) << notices.all;
}

TEST_F(Speech, NeedsANetworkThatFollowsRecordings) {
  Recipe asked = recipe("own", 1);
  asked.backbone = {.name = "efficientnet_lite0", .weights = "random"};
  asked.phases.front().train_from = "head";
  try {
    (void)train(asked);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("speech_lstm"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
