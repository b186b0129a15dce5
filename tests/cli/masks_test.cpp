#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "answering_bundle.h"
#include "enxerto/media/image/decode_mask.h"
#include "enxerto/media/image/encode_png.h"
#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// Sees a cat on the left half of every picture and grass on the right.
Bundle mask_bundle() {
  Bundle bundle = answering_bundle("segmentation", {"cat", "grass"}, {2, 1, 2}, {5, -5, -5, 5});
  bundle.task_facts = {{"input", {8, 8}}};
  return bundle;
}

/// A mask of `width` x `height` px whose left half has one value and whose right half another.
std::string halves(int width, int height, std::uint8_t left, std::uint8_t right) {
  std::vector<std::uint8_t> values;
  for (int i = 0; i < width * height; ++i) values.push_back(i % width < width / 2 ? left : right);
  const std::vector<RgbColour> colours(256, RgbColour{});
  const std::vector<std::byte> file = encode_palette_png(values, width, height, colours);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

class Masks : public ::testing::Test {
 protected:
  void SetUp() override {
    write_bundle(mask_bundle(), folder_ / "segmenter", false);
    write_picture(folder_ / "data/images/a.bmp", 180, 20, 20, 1, 40, 24);
    write_picture(folder_ / "data/images/b.bmp", 20, 20, 200, 2, 16, 16);
    write(folder_ / "data/masks/a.png", halves(40, 24, 2, 9));
    write(folder_ / "data/masks/b.png", halves(16, 16, 9, 2));
    write(folder_ / "data/classes.txt", "9 grass\n2 cat\n");
  }
  Outcome predict(std::vector<std::string> more) {
    std::vector<std::string> words{"predict", folder_ / "segmenter", folder_ / "data/images", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return run(folder_, words);
  }

  Folder folder_;
};

TEST_F(Masks, AreToldByTheShareOfEachClass) {
  const Outcome said = predict({});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("a.bmp\tcat\t0.5\tgrass\t0.5\n"), std::string::npos) << said.out;
  const Outcome lines = predict({"--format", "jsonl"});
  const json first = json::parse(lines.out.substr(0, lines.out.find('\n')));
  EXPECT_EQ(first.at("classes")[0], (json{{"label", "cat"}, {"pixels", 480}, {"share", 0.5}}));
  EXPECT_EQ(first.at("width"), 40);
}

TEST_F(Masks, AreWrittenAsPalettesOfClassNumbersThatCanBeLearnedFrom) {
  const Outcome said = predict({"--masks", folder_ / "said/masks", "--draw", folder_ / "drawn"});
  ASSERT_EQ(said.code, 0) << said.err;
  const std::string file = contents(folder_ / "said/masks/a.png");
  const NumberedPicture mask = decode_mask(std::as_bytes(std::span(file)), "a.png");
  EXPECT_EQ(mask.width, 40);
  EXPECT_EQ(mask.height, 24);
  EXPECT_EQ(std::ranges::count(mask.numbers, 0), 480);
  EXPECT_EQ(contents(folder_ / "said/masks/classes.txt"), "0 cat\n1 grass\n");
  EXPECT_TRUE(contents(folder_ / "drawn/a.jpg").starts_with("\xFF\xD8"));
  std::filesystem::copy(folder_ / "data/images", folder_ / "said/images");
  const Outcome evaluated = run(folder_, {"evaluate", folder_ / "segmenter", folder_ / "said", "--json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_EQ(predict({"--masks", folder_ / "data/masks"}).code, 5) << "files are there";
}

TEST_F(Masks, AreEvaluatedByClassNames) {
  const Outcome said = run(folder_, {"evaluate", folder_ / "segmenter", folder_ / "data", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json report = json::parse(said.out);
  EXPECT_EQ(report.at("task"), "segmentation");
  EXPECT_NE(said.out.find("\"miou\""), std::string::npos) << said.out;
  // Of 1,216 pixels the 960 of one picture are right and the 256 of the other wrong.
  const Outcome words = run(folder_, {"evaluate", folder_ / "segmenter", folder_ / "data"});
  EXPECT_NE(words.out.find("pixel accuracy"), std::string::npos) << words.out;
  EXPECT_NE(words.out.find("78.9 %"), std::string::npos) << words.out;
}

TEST_F(Masks, AreNoBoxesAndHaveNoTop) {
  EXPECT_EQ(predict({"--format", "coco"}).code, 2);
  EXPECT_EQ(predict({"--top", "3"}).code, 2);
  write_bundle(enxerto::testing::color_bundle(), folder_ / "colors", false);
  const Outcome refused =
      run(folder_, {"predict", folder_ / "colors", folder_ / "data/images", "--masks", folder_ / "none"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--masks"), std::string::npos) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

TEST_F(Masks, OfDataAreCountedAndDrawnBeforeTraining) {
  const Outcome said = run(folder_, {"inspect", folder_ / "data", "--draw", folder_ / "seen"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("of all pixels"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("50.0 %"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("task: semantic segmentation"), std::string::npos) << said.out;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "seen/a.jpg"));
}

TEST_F(Masks, ThatAreWrongEndWithExitCode3AndThreeLines) {
  write(folder_ / "data/classes.txt", "9 grass\n");
  const Outcome said = run(folder_, {"train", folder_ / "data", "--output", folder_ / "model"});
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.err.find("2 (608 pixels, "), std::string::npos) << said.err;
  EXPECT_NE(said.err.find("* ignore"), std::string::npos) << said.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "model"));
}

TEST_F(Masks, AreExportedAtTheSizeOfTheInputAndVerified) {
  const Outcome exported = run(folder_, {"export", folder_ / "segmenter", "--output", folder_ / "segmenter.onnx"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  const std::string file = contents(folder_ / "segmenter.onnx");
  EXPECT_NE(file.find("ArgMax"), std::string::npos);
  EXPECT_NE(file.find("Resize"), std::string::npos);
  EXPECT_EQ(run(folder_, {"verify", folder_ / "segmenter"}).code, 0);
}

}  // namespace
}  // namespace enxerto::test
