#include <gtest/gtest.h>

#include "enxerto/data/target_kind.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/tasks/task.h"
#include "tests/bundle/tiny_bundle.h"
#include "tests/model/pictures.h"

namespace enxerto {
namespace {

using testing::color_image;
using testing::ColorDataset;
using testing::label_bundle;
using testing::TemporaryDirectory;
using testing::value_bundle;

/// Red and blue strong, green weak.
Image purple() {
  Image image = color_image(0);
  for (std::size_t i = 2; i < image.pixels.size(); i += 3) image.pixels[i] = 220;
  return image;
}

TEST(ModelOfLabels, NamesEveryLabelFromTheThresholdOn) {
  const Model model(label_bundle());
  const std::vector<Image> images{purple(), color_image(1)};
  const auto found = model.predict(images);
  ASSERT_EQ(found[0].size(), 2U);
  EXPECT_EQ(found[0][0].label, "red");
  EXPECT_EQ(found[0][1].label, "blue");
  EXPECT_GT(*found[0][1].score, 0.99);
  ASSERT_EQ(found[1].size(), 1U);
  EXPECT_EQ(found[1][0].label, "green");
  EXPECT_EQ(model.predict(images, {.top_k = 1, .threshold = 0})[1].size(), 3U);
  EXPECT_TRUE(model.predict(images, {.top_k = 1, .threshold = 1})[1].empty());
}

TEST(ModelOfValues, GivesNumbersInTheirUnits) {
  const Model model(value_bundle());
  EXPECT_EQ(model.task().target().kind, kRegressionTarget);
  const std::vector<Image> images{color_image(2)};
  const auto found = model.predict(images)[0];
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "redness");
  EXPECT_NEAR(*found[0].value, 100 + 1000 * 30 / 255.0, 1e-2);
  EXPECT_NEAR(*found[1].value, 100 + 1000 * 220 / 255.0, 1e-2);
}

TEST(ModelOfValues, PredictsADataSet) {
  const Model model(value_bundle(), {.threads = 2});
  std::size_t seen = 0;
  model.predict(ColorDataset(40, {7}), ReadingOptions{}, [&](const PredictedExample& example) {
    ++seen;
    if (!example.bad.empty()) return;
    ASSERT_EQ(example.best.size(), 2U);
    EXPECT_EQ(*example.best[0].value > 500, example.position % 3 == 0);
    EXPECT_EQ(*example.best[1].value > 500, example.position % 3 == 2);
  });
  EXPECT_EQ(seen, 40U);
}

TEST(ModelOfAnotherTask, IsRefused) {
  Bundle bundle = label_bundle();
  bundle.task = "image_poetry";
  try {
    const Model model(bundle);
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("image_poetry"), std::string::npos);
  }
}

TEST(ModelOfValues, KnowsTheMeansOfItsTraining) {
  const TemporaryDirectory place;
  Bundle bundle = value_bundle();
  bundle.task_facts = {{"mean", {300, 500}}, {"std", {10, 10}}};
  write_bundle(bundle, place.path() / "model", false);
  const Json record = Model::load(place.path() / "model").task().record();
  EXPECT_EQ(record.at("mean"), (Json{300.0, 500.0}));
  bundle.task_facts = {{"mean", {300}}, {"std", {10}}};
  write_bundle(bundle, place.path() / "wrong", false);
  try {
    (void)Model::load(place.path() / "wrong");
    ADD_FAILURE() << "one mean for two values";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("task.json"), std::string::npos) << error.what();
  }
}

TEST(VerifyOfValues, AllowsAShareOfTheLargest) {
  const TemporaryDirectory place;
  Bundle bundle = value_bundle();
  bundle.golden.set("output/probabilities", Tensor::of<float>({2, 2}, {100.005F, 100, 100, 100}));
  write_bundle(bundle, place.path() / "near", false);
  EXPECT_TRUE(verify(place.path() / "near", 1).ok());
  bundle.golden.set("output/probabilities", Tensor::of<float>({2, 2}, {100.05F, 100, 100, 100}));
  write_bundle(bundle, place.path() / "far", false);
  EXPECT_FALSE(verify(place.path() / "far", 1).ok());
}

TEST(ExportOnnx, NamesTheTask) {
  const TemporaryDirectory place;
  Model(value_bundle()).export_onnx(place.path() / "m.onnx");
  EXPECT_NE(testing::slurp(place.path() / "m.onnx").find("image_regression"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
