// Networks of sounds from folders of transformers go through the whole library: as backbones of speech and of classes.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/open.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/pretrained/ready_model.h"
#include "enxerto/workflow/train.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

struct HeardNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

class SpeechNetworkRuns : public ::testing::Test {
 protected:
  /// A tone of `pitch`, of 16 bits at 16 kHz.
  static std::vector<std::byte> tone(double pitch, double seconds) {
    constexpr double kRate = 16'000, kLoud = 9'000;
    std::vector<std::int16_t> samples;
    for (double t = 0; t < seconds; t += 1 / kRate)
      samples.push_back(static_cast<std::int16_t>(kLoud * std::sin(2 * std::numbers::pi * pitch * t)));
    return wav_file(samples, 16'000);
  }

  void write(const std::string& name, const std::vector<std::byte>& file) const {
    const fs::path path = folder_.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(file.data()), std::ssize(file));
  }

  void write_transcribed() const {
    for (int i = 0; i < 16; ++i) {
      const bool high = i % 2 == 0;
      write("said/" + std::to_string(i) + ".wav", tone(high ? 1'300 + i : 300 + i, 0.12 + 0.01 * i));
      std::ofstream(folder_.path() / "said" / (std::to_string(i) + ".txt")) << (high ? "TA" : "A Z");
    }
  }

  void write_classes() const {
    for (int i = 0; i < 24; ++i)
      write((i % 2 == 0 ? "heard/high/" : "heard/low/") + std::to_string(i) + ".wav",
            tone(i % 2 == 0 ? 1'300 + 7 * i : 300 + 7 * i, 0.1 + 0.01 * i));
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Recipe recipe(const std::string& data, const std::string& network, const std::string& output) const {
    Recipe recipe;
    recipe.data.path = path(data);
    recipe.data.test_split = 0.25;
    recipe.backbone.name = std::string(ENXERTO_TEST_DATA "/speech/") + network;
    recipe.output.path = path(output);
    recipe.run.threads = 1;
    recipe.run.cache.directory = path("cache");
    recipe.training.refit = Refit::never;
    return recipe;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(SpeechNetworkRuns, LearnOnFromCachedStatesWithTheUnitsThatTheyKnow) {
  write_transcribed();
  Recipe asked = recipe("said", "wav2vec2", "model");
  Phase phase;
  phase.train_from = "block1";
  phase.optimizer.kind = "adamw";
  phase.learning_rate = 1e-3;
  phase.batch_size = 4;
  phase.epochs = 2;
  asked.phases = {phase};
  HeardNotices notices;
  const TrainReport report = train(asked, notices);
  EXPECT_EQ(report.task, "speech_recognition");
  EXPECT_TRUE(notices.say("the head keeps 4 of its 5 units")) << notices.all;
  EXPECT_NE(report.phases.at(0).frozen.find("cached features"), std::string::npos) << report.phases.at(0).frozen;
  EXPECT_TRUE(std::isfinite(report.test["wer"].value));
  EXPECT_TRUE(verify(path("model"), 1).ok());
}

TEST_F(SpeechNetworkRuns, TrainWithoutTheirConvolutionsInThePresetFull) {
  write_transcribed();
  Recipe asked = recipe("said", "wav2vec2", "model");
  asked.training.preset = "full";
  asked.training.epochs = 1;
  const TrainReport report = train(asked);
  EXPECT_EQ(report.recipe.phases.back().train_from, "projection");
}

TEST_F(SpeechNetworkRuns, TellClassesOfSoundsByTheMeanOfTheirStates) {
  write_classes();
  for (const char* network : {"wav2vec2", "hubert", "ast", "yamnet/yamnet.h5", "panns/Cnn14.pth"}) {
    Recipe asked = recipe("heard", network, "classes-" + fs::path(network).stem().string());
    asked.training.preset = "feature-extraction";
    const TrainReport report = train(asked);
    EXPECT_EQ(report.task, "classification") << network;
    // Of random weights nothing is to be expected but that all goes its way.
    EXPECT_TRUE(std::isfinite(report.test["accuracy"].value)) << network;
    EXPECT_TRUE(verify(path("classes-" + fs::path(network).stem().string()), 1).ok()) << network;
  }
}

TEST_F(SpeechNetworkRuns, TrainTheirUpperLayersOnWhatIsKeptOfTheLower) {
  write_classes();
  struct Case {
    const char *network, *train_from;
  };
  for (const Case& one : {Case{"yamnet/yamnet.h5", "layer13"}, Case{"panns/Cnn14.pth", "conv_block5"}}) {
    Recipe asked = recipe("heard", one.network, "upper-" + fs::path(one.network).stem().string());
    asked.phases = {{.train_from = "head"}, {.train_from = one.train_from, .epochs = 2, .batch_size = 4}};
    const TrainReport report = train(asked);
    EXPECT_EQ(report.recipe.phases.back().train_from, one.train_from);
    EXPECT_TRUE(std::isfinite(report.test["accuracy"].value)) << one.network;
    EXPECT_TRUE(verify(path("upper-" + fs::path(one.network).stem().string()), 1).ok()) << one.network;
  }
}

TEST_F(SpeechNetworkRuns, LearnFromClipsThatAreChangedAtRandom) {
  write_classes();
  for (const char* network : {"yamnet/yamnet.h5", "panns/Cnn14.pth", "ast"}) {
    Recipe asked = recipe("heard", network, "changed-" + fs::path(network).stem().string());
    asked.phases = {{.train_from = "head", .epochs = 2, .views = 2}};
    asked.phases.front().augmentation = {.gain = 6, .noise = 0.1, .time_shift = 0.2, .time_mask = 0.2};
    const TrainReport report = train(asked);
    EXPECT_EQ(report.recipe.phases.front().views, 2) << network;
    EXPECT_TRUE(std::isfinite(report.test["accuracy"].value)) << network;
  }
}

TEST_F(SpeechNetworkRuns, WriteWhatIsSaidAsTheyAre) {
  write_transcribed();
  const Model model(ready_model(ENXERTO_TEST_DATA "/speech/wav2vec2").value(), {.threads = 1});
  std::size_t predicted = 0;
  model.predict(*open_files({path("said")}, Medium::audio), ReadingOptions{}, [&](const PredictedExample& example) {
    EXPECT_TRUE(example.bad.empty()) << example.bad;
    predicted += example.best.size();
  });
  EXPECT_EQ(predicted, 16U);
}

}  // namespace
}  // namespace enxerto
