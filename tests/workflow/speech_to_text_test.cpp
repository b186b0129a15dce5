// A Whisper is trained, saved, and writes: through the whole library.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/generation/transcriber.h"
#include "enxerto/media/audio/sample_clip.h"
#include "enxerto/model/verify.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/workflow/train.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

constexpr const char* kWhisperOfGolden = ENXERTO_TEST_DATA "/speech/whisper";

struct SpokenNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

class SpeechToText : public ::testing::Test {
 protected:
  SpeechToText() {
    std::string lines;
    for (std::size_t i = 0; i < 24; ++i) {
      add("r" + std::to_string(i) + ".wav", i % 4, 6'000);
      lines += line("r" + std::to_string(i) + ".wav", std::string(2 + i % 4, "bfhn"[i % 4]));
    }
    write("said.jsonl", lines);
  }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  void add(const std::string& name, std::size_t number, std::int64_t samples) const {
    const std::vector<std::byte> file = sample_clip(number, 16'000, samples);
    write(name, {reinterpret_cast<const char*>(file.data()), file.size()});
  }
  static std::string line(const std::string& file, const std::string& text) {
    return R"({"audio_filepath": ")" + file + R"(", "text": ")" + text + "\"}\n";
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Recipe recipe(const std::string& output) const {
    Recipe recipe;
    recipe.data.path = path("said.jsonl");
    recipe.data.test_split = 0.2;
    recipe.backbone.name = kWhisperOfGolden;
    recipe.output.path = path(output);
    recipe.run.threads = 1;
    recipe.run.cache.directory = path("cache");
    recipe.training.refit = Refit::never;
    Phase phase;
    phase.train_from = "decoder0";
    phase.optimizer.kind = "adamw";
    phase.learning_rate = 1e-2;
    phase.batch_size = 4;
    phase.epochs = 3;
    phase.early_stopping.monitor = "val_perplexity";
    recipe.phases = {phase};
    return recipe;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(SpeechToText, IsLearnedFromTheFrozenEncodersCachedMemorySavedAndWritten) {
  const TrainReport report = train(recipe("m"));
  EXPECT_EQ(report.task, "speech_to_text") << "by the backbone";
  EXPECT_NE(report.phases.at(0).frozen.find("cached features"), std::string::npos) << report.phases.at(0).frozen;
  EXPECT_LE(report.test["perplexity"].value, report.test["perplexity_before"].value) << "it is never worse";
  EXPECT_LE(report.test["wer"].value, report.test["wer_before"].value);
  EXPECT_TRUE(verify(path("m"), 1).ok());
  ASSERT_TRUE(is_transcription_network(path("m")));
  const TranscriptionNetwork before = load_transcription_network(kWhisperOfGolden),
                             after = load_transcription_network(path("m"));
  EXPECT_EQ(after.prompt, before.prompt);
  EXPECT_EQ(after.never, before.never);
  EXPECT_EQ(after.never_first, before.never_first);
  EXPECT_EQ(after.longest, before.longest);
  Transcriber transcriber(after, {.threads = 1});
  const std::vector<std::vector<float>> heard{std::vector<float>(3'000, 0.1F)};
  EXPECT_EQ(transcriber.transcribe(heard).size(), 1U);
  EXPECT_THROW((void)load_transcription_network(path("m"), "en"), Error) << "it has learned a language";
}

TEST_F(SpeechToText, LearnsOnFromASavedModelAndChoosesByTheWordErrorRate) {
  (void)train(recipe("first"));
  Recipe second = recipe("second");
  second.backbone.name = path("first");
  second.phases.front().epochs = 2;
  second.phases.front().early_stopping.monitor = "val_wer";
  const TrainReport report = train(second);
  EXPECT_EQ(report.task, "speech_to_text");
  EXPECT_NE(report.test.find("wer_before"), nullptr);
}

TEST_F(SpeechToText, NamesWhatItLeavesOut) {
  std::string lines;
  for (std::size_t i = 0; i < 24; ++i) lines += line("r" + std::to_string(i) + ".wav", "bf");
  add("long.wav", 1, 9'000);
  lines += line("long.wav", "bf") + line("r0.wav", "") + line("r1.wav", "bfbfbfbfbfbfbf");
  write("said.jsonl", lines);
  Recipe asked = recipe("m");
  asked.data.on_bad = OnBad::skip;
  asked.phases.front().epochs = 1;
  SpokenNotices notices;
  const TrainReport report = train(asked, notices);
  ASSERT_EQ(report.skipped.size(), 2U);
  EXPECT_NE(report.skipped.at(0).reason.find("a recording of 0.6 s"), std::string::npos) << report.skipped.at(0).reason;
  EXPECT_NE(report.skipped.at(1).reason.find("a transcript of 14 tokens"), std::string::npos);
  EXPECT_TRUE(notices.say("1 clip without a word in its transcript")) << notices.all;
}

TEST_F(SpeechToText, IsTheOnlyTaskOfSuchANetwork) {
  Recipe other = recipe("m");
  other.task.kind = "speech_recognition";
  try {
    (void)train(other);
    FAIL() << "it has no head of characters";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("'speech_to_text'"), std::string::npos) << error.what();
  }
}

TEST_F(SpeechToText, RefusesALanguageWhereNoneIsTold) {
  EXPECT_THROW((void)load_backbone(kWhisperOfGolden, {.language = "pt"}), Error) << "it knows English alone";
  try {
    (void)load_backbone("speech_lstm", {.weights = "random", .language = "pt"});
    FAIL() << "it has no effect";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("has no effect"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
