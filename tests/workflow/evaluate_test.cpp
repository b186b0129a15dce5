#include "enxerto/workflow/evaluate.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

using testing::label_bundle;
using testing::spill;
using testing::value_bundle;

/// A BMP of 8 x 8 pixels of one colour.
void write_picture(const std::filesystem::path& path, std::array<int, 3> red_green_blue) {
  constexpr int kSide = 8, kHeader = 54, kBytes = 3 * kSide * kSide;
  std::string bmp(kHeader, '\0');
  bmp[0] = 'B', bmp[1] = 'M', bmp[2] = static_cast<char>(kHeader + kBytes), bmp[10] = kHeader;
  bmp[14] = 40, bmp[18] = kSide, bmp[22] = kSide, bmp[26] = 1, bmp[28] = 24;
  for (int i = 0; i < kSide * kSide; ++i) {
    for (const std::size_t channel : {2U, 1U, 0U}) bmp += static_cast<char>(red_green_blue[channel]);
  }
  spill(path, bmp);
}

/// Pictures red.bmp, purple.bmp, black.bmp and a saved model.
class Evaluate : public ::testing::Test {
 protected:
  void SetUp() override {
    write_picture(place_.path() / "red.bmp", {255, 0, 0});
    write_picture(place_.path() / "purple.bmp", {255, 0, 255});
    write_picture(place_.path() / "black.bmp", {0, 0, 0});
  }

  EvaluationReport with(const Bundle& bundle, const std::string& table) {
    write_bundle(bundle, place_.path() / "model", std::filesystem::exists(place_.path() / "model"));
    spill(place_.path() / "t.csv", table);
    return evaluate(place_.path() / "model", place_.path() / "t.csv", options_);
  }

  std::string refusal(const Bundle& bundle, const std::string& table) {
    try {
      with(bundle, table);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  testing::TemporaryDirectory place_;
  const EvaluateOptions options_;
};

TEST_F(Evaluate, MeasuresSeveralLabelsMatchedByName) {
  const EvaluationReport result =
      with(label_bundle(), "file,labels\nred.bmp,red\npurple.bmp,blue|red|zebra\nblack.bmp,green\n");
  EXPECT_EQ(result.task, "multi_label");
  EXPECT_EQ(result.unknown, std::vector<std::string>{"zebra"});
  EXPECT_EQ(result.examples, 3U);
  EXPECT_NEAR(result.metrics["subset_accuracy"].value, 2.0 / 3, 1e-12);
  const MetricTable& labels = result.metrics.table("per_label");
  EXPECT_EQ(labels.number(0, "f1"), 1.0);
  EXPECT_EQ(labels.number(1, "recall"), 0.0);
  EXPECT_EQ(labels.number(2, "average_precision"), 1.0);
}

/// What was told while something ran.
class Notices final : public Progress {
 public:
  void notice(std::string_view text) override { all += std::string(text) + "\n"; }
  std::string all;
};

TEST_F(Evaluate, SaysThatTheListOfWhatWasLearnedFromIsDamaged) {
  const std::string table = "file,labels\nred.bmp,red\npurple.bmp,blue\nblack.bmp,green\n";
  (void)with(label_bundle(), table);
  const std::filesystem::path model = place_.path() / "model";
  Notices whole, damaged;
  (void)evaluate(model, place_.path() / "t.csv", options_, whole);
  EXPECT_EQ(whole.all.find("learned_from"), std::string::npos) << whole.all;
  spill(model / "learned_from.safetensors", "damaged");
  (void)evaluate(model, place_.path() / "t.csv", options_, damaged);
  EXPECT_NE(damaged.all.find("learned_from.safetensors is damaged"), std::string::npos) << damaged.all;
}

TEST_F(Evaluate, FindsTheModelsLabelsAmongOtherColumns) {
  const EvaluationReport result =
      with(label_bundle(), "file,blue,note,red,green\nred.bmp,0,x,1,0\npurple.bmp,1,y,1,0\n");
  EXPECT_EQ(result.metrics["subset_accuracy"].value, 1.0);
}

TEST_F(Evaluate, RefusesATableThatLacksTheColumnOfALabel) {
  EXPECT_NE(refusal(label_bundle(), "file,blue,red\nred.bmp,0,1\npurple.bmp,1,1\n").find("no column 'green'"),
            std::string::npos);
}

TEST_F(Evaluate, MeasuresValuesInTheirUnits) {
  const EvaluationReport result = with(
      value_bundle(), "file,blueness,note,redness\nred.bmp,110,x,1100\npurple.bmp,1090,y,1100\nblack.bmp,100,z,100\n");
  const MetricTable& values = result.metrics.table("per_value");
  ASSERT_EQ(values.rows.size(), 2U);
  EXPECT_NEAR(values.number(0, "mae"), 0, 1e-2);
  EXPECT_NEAR(values.number(1, "mae"), 20.0 / 3, 1e-2);
  EXPECT_NEAR(values.number(1, "baseline"), 1300.0 / 3, 1e-2);
  EXPECT_GT(result.metrics["r2"].value, 0.99);
}

TEST_F(Evaluate, RefusesDataOfAnotherKind) {
  EXPECT_NE(refusal(value_bundle(), "file,redness\nred.bmp,1\n").find("no column 'blueness'"), std::string::npos);
  EXPECT_NE(refusal(label_bundle(), "file,labels\nred.bmp,zebra\n").find("zebra"), std::string::npos);
  for (const char* name : {"folders/red/1.bmp", "folders/blue/1.bmp"}) {
    std::filesystem::create_directories((place_.path() / name).parent_path());
    write_picture(place_.path() / name, {255, 0, 0});
  }
  try {
    evaluate(place_.path() / "model", place_.path() / "folders", options_);
    FAIL() << "evaluated";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("data of classes; expected several labels"), std::string::npos)
        << error.what();
  }
}

TEST_F(Evaluate, HoldsValuesAgainstTheMeanOfTraining) {
  Bundle bundle = value_bundle();
  bundle.task_facts = {{"mean", {300, 500}}, {"std", {1, 1}}};
  const EvaluationReport result = with(bundle, "file,blueness,redness\nred.bmp,100,1100\nblack.bmp,100,100\n");
  const MetricTable& values = result.metrics.table("per_value");
  EXPECT_NEAR(values.number(0, "baseline"), 300, 1e-9);
  EXPECT_NEAR(values.number(1, "baseline"), 500, 1e-9);
}

TEST_F(Evaluate, SaysHowManyExamplesTheModelLearnedFrom) {
  const std::string red = testing::slurp(place_.path() / "red.bmp");
  Bundle bundle = label_bundle();
  bundle.learned_from = std::vector<std::uint64_t>{hash128(red).high};
  const std::string table = "file,labels\nred.bmp,red\npurple.bmp,blue|red\n";
  EXPECT_EQ(with(bundle, table).learned_from, 1U);
  std::filesystem::remove(place_.path() / "model" / "learned_from.safetensors");
  EXPECT_EQ(evaluate(place_.path() / "model", place_.path() / "t.csv", options_).learned_from, std::nullopt);
}

}  // namespace
}  // namespace enxerto
