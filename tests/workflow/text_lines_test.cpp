// Lines of text in pictures go through the whole library: a published network reads them as it is, and learns on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/image.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/pretrained/ready_model.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

const std::string kReader = ENXERTO_TEST_DATA "/pretrained/line_reader.onnx";
constexpr std::size_t kLargestGolden = 100'000;

struct LineNotices final : Progress {
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  bool say(std::string_view text) const { return all.find(text) != std::string::npos; }
  std::string all;
};

class TextLines : public ::testing::Test {
 protected:
  /// As in tools/golden/line_reader.py, as a file of netpbm.
  void write(const std::string& name, unsigned width, unsigned height, unsigned shift = 0) const {
    const std::filesystem::path file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::string pixels = "P6 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
    for (unsigned y = 0; y < height; ++y)
      for (unsigned x = 0; x < width; ++x)
        for (unsigned c = 0; c < 3; ++c)
          pixels += static_cast<char>(((x / 6 + shift) * 7919 % 199 + y * 3 + c * 31) & 255);
    std::ofstream(file, std::ios::binary) << pixels;
  }

  void write_line(const std::string& name, unsigned width, unsigned shift, const std::string& text) const {
    write("data/" + name + ".ppm", width, 16, shift);
    std::ofstream(folder_.path() / "data" / (name + ".txt")) << text << "\n";
  }

  void write_lines() const {
    for (unsigned i = 0; i < 16; ++i)
      write_line(std::to_string(i), 300 + 11 * i, i % 2 * 40, i % 2 == 0 ? "abç ã" : "baã ç");
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Recipe recipe(const std::string& output, const std::string& from) const {
    Recipe recipe;
    recipe.data.path = path("data");
    recipe.data.test_split = 0.25;
    recipe.backbone.name = kReader;
    recipe.output.path = path(output);
    recipe.run.threads = 1;
    recipe.run.cache.directory = path("cache");
    recipe.training.refit = Refit::never;
    Phase phase;
    phase.train_from = from;
    phase.optimizer.kind = "adamw";
    phase.learning_rate = 1e-3;
    phase.batch_size = 4;
    phase.epochs = 2;
    recipe.phases = {phase};
    return recipe;
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(TextLines, AreReadByAPublishedNetworkAsOnnxRuntimeReadsThemAlone) {
  const Json cases = parse_json(read_text(ENXERTO_TEST_DATA "/pretrained/line_reader.json", kLargestGolden), "golden",
                                ErrorKind::data);
  std::map<std::string, Json> wanted;
  for (const Json& one : cases) {
    const std::string name = "lines/" + std::to_string(wanted.size()) + ".ppm";
    write(name, one["width"], one["height"]);
    wanted[name.substr(6)] = one;
  }
  ASSERT_EQ(wanted.size(), 8U);
  const Model model(ready_model(kReader).value(), {.threads = 1});
  std::size_t seen = 0;
  model.predict(*open_files({path("lines")}, Medium::image), ReadingOptions{}, [&](const PredictedExample& example) {
    ASSERT_EQ(example.best.size(), 1U) << example.bad;
    const Json& one = wanted.at(std::filesystem::path(example.id).filename());
    EXPECT_EQ(example.best[0].label, one["text"]) << example.id;
    EXPECT_NEAR(*example.best[0].score, one["score"].get<double>(), 2e-5) << example.id;
    ++seen;
  });
  EXPECT_EQ(seen, 8U);
}

TEST_F(TextLines, AreFoundInTheFolderOfTheirPackage) {
  std::filesystem::create_directories(folder_.path() / "package");
  std::filesystem::copy(kReader, folder_.path() / "package" / "rec.onnx");
  EXPECT_TRUE(ready_model(path("package")).has_value());
  std::filesystem::copy(kReader, folder_.path() / "package" / "rec2.onnx");
  EXPECT_FALSE(ready_model(path("package")).has_value()) << "which of the two?";
}

TEST_F(TextLines, OfAnotherAlphabetAreLearnedFromCachedFrames) {
  write_lines();
  write_line("long", 320, 0, std::string(60, 'a') + "bã ç");
  LineNotices notices;
  const TrainReport report = train(recipe("model", "head"), notices);
  EXPECT_EQ(report.task, "text_recognition");
  EXPECT_TRUE(notices.say("the head keeps 5 of its 6 units")) << notices.all;
  EXPECT_TRUE(notices.say("1 of 17 pictures have fewer frames than their transcripts need")) << notices.all;
  EXPECT_TRUE(notices.say("long.ppm (40 frames for 64 characters)")) << notices.all;
  EXPECT_NE(report.phases.at(0).frozen.find("cached features"), std::string::npos) << report.phases.at(0).frozen;
  EXPECT_EQ(report.test.values.front().name, "cer");
  EXPECT_TRUE(std::isfinite(report.test["cer"].value));
  EXPECT_TRUE(verify(path("model"), 1).ok());
  EvaluateOptions options;
  options.threads = 1;
  EXPECT_EQ(evaluate(path("model"), path("data"), options).task, "text_recognition");
  Recipe again = recipe("again", "head");
  again.backbone.name = path("model");
  LineNotices known;
  (void)train(again, known);
  EXPECT_TRUE(known.say("the head keeps 6 of its 6 units")) << known.all;
}

TEST_F(TextLines, AreLearnedWithTheNetworkThatReadsThem) {
  write_lines();
  const TrainReport report = train(recipe("model", "all"));
  EXPECT_TRUE(std::isfinite(report.test["cer"].value));
  EXPECT_TRUE(verify(path("model"), 1).ok());
}

TEST_F(TextLines, WithCharactersThatNoTrainingTextHasAreSaid) {
  write_lines();
  std::filesystem::rename(folder_.path() / "data", folder_.path() / "lines");
  write_line("other", 320, 0, "xyz");
  std::filesystem::rename(folder_.path() / "data", folder_.path() / "tests");
  Recipe asked = recipe("model", "head");
  asked.data.path = path("lines");
  asked.data.test = path("tests");
  asked.data.test_split = Recipe{}.data.test_split;
  LineNotices notices;
  (void)train(asked, notices);
  EXPECT_TRUE(notices.say("3 of 3 characters of the test transcripts (100 %) are in no training transcript"))
      << notices.all;
}

TEST_F(TextLines, OfOnePixelsHeightAreNamed) {
  write("lines/flat.ppm", 90, 1);
  write("lines/good.ppm", 90, 16);
  const Model model(ready_model(kReader).value(), {.threads = 1});
  std::size_t bad = 0;
  model.predict(*open_files({path("lines")}, Medium::image), ReadingOptions{}, [&](const PredictedExample& example) {
    if (example.bad.empty()) return;
    ++bad;
    EXPECT_NE(example.bad.find("90 x 1 px"), std::string::npos) << example.bad;
  });
  EXPECT_EQ(bad, 1U);
}

TEST_F(TextLines, NeedANetworkThatFollowsThem) {
  write_lines();
  Recipe asked = recipe("model", "head");
  asked.backbone = {.name = "efficientnet_lite0", .weights = "random"};
  EXPECT_THROW((void)train(asked), Error);
}

}  // namespace
}  // namespace enxerto
