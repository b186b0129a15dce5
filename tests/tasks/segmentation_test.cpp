#include "enxerto/tasks/segmentation.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/decode_mask.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/exported_maps.h"
#include "enxerto/tasks/mask_colours.h"
#include "enxerto/tasks/placed_masks.h"
#include "tests/data/masked.h"

namespace enxerto {
namespace {

using Pixels = std::vector<std::uint8_t>;

/// A map of two by two places in an input of 4 px.
HeadFeatures map_of_two() {
  HeadFeatures features(Value{"map", DType::f32, {"batch", 8, 2, 2}});
  features.maps = {features.value};
  features.input = {"batch", 3, 4, 4};
  return features;
}

const testing::MadeMasks& two_masks() {
  static const testing::MadeMasks data({"sky", "sea"}, {Tensor::of<std::uint8_t>({2, 4}, {0, 0, 1, 1, 0, 0, 1, 255}),
                                                        Tensor::of<std::uint8_t>({1, 2}, {0, 0})});
  return data;
}

TaskPtr segmentation(TaskRequest asked = {.head = {.output = "auto"}, .loss = {.kind = "auto"}}) {
  static const HeadFeatures features = map_of_two();
  static const std::vector<std::size_t> all{0, 1};
  return make_task("auto", {.dataset = two_masks(), .training = all, .features = &features}, asked);
}

/// A picture of 4 x 2 px squashed to the input, as it is or mirrored.
Tensor squashed(bool mirrored) {
  return mirrored ? Tensor::of<float>({2, 3}, {-1, 0, 4, 0, 2, 0}) : Tensor::of<float>({2, 3}, {1, 0, 0, 0, 2, 0});
}

/// Sky on the left, sea on the right.
TensorMap outputs_of_halves() {
  TensorMap outputs;
  outputs.set("probabilities", Tensor::of<float>({1, 2, 2, 2}, {3, -1, 3, -1, -1, 3, -1, 3}));
  return outputs;
}

Image grey_image(int width, int height) {
  return {.width = width,
          .height = height,
          .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(width * height) * 3, 90)};
}

TEST(Segmentation, IsChosenForMasksAndDecidesHeadAndLoss) {
  const TaskPtr task = segmentation();
  EXPECT_EQ(task->kind().name, "segmentation");
  EXPECT_EQ(task->head().kind, "lraspp");
  EXPECT_EQ(task->loss().kind, "pixel_cross_entropy");
  EXPECT_EQ(task->loss().pixels, (std::array<std::int64_t, 2>{4, 4}));
  EXPECT_TRUE(task->loss().class_weights.empty());
  EXPECT_THROW(segmentation({.head = {.hidden = {8}, .output = "auto"}, .loss = {.kind = "auto"}}), Error);
  EXPECT_THROW(segmentation({.head = {.output = "softmax"}, .loss = {.kind = "auto"}}), Error);
  EXPECT_THROW(segmentation({.head = {.output = "auto"}, .loss = {.kind = "auto"}, .mixes = true}), Error);
  EXPECT_EQ(segmentation_task().exact_solver({}, {}).solver, nullptr);
}

TEST(Segmentation, RefusesASingleClassOfWhichEverythingIs) {
  const testing::MadeMasks masks({"sky"},
                                 {Tensor::of<std::uint8_t>({1, 2}, {0, 0}), Tensor::of<std::uint8_t>({1, 2}, {0, 0})});
  const HeadFeatures features = map_of_two();
  const std::vector<std::size_t> all{0, 1};
  EXPECT_THROW(make_task("auto", {.dataset = masks, .training = all, .features = &features},
                         {.head = {.output = "auto"}, .loss = {.kind = "auto"}}),
               Error);
}

TEST(Segmentation, WeighsClassesInverselyToTheirPixelsWhereThatIsAskedFor) {
  const TaskPtr task = segmentation({.head = {.output = "auto"}, .loss = {.kind = "auto"}, .balanced = true});
  ASSERT_EQ(task->loss().class_weights.size(), 2U);
  EXPECT_DOUBLE_EQ(task->loss().class_weights[0], 9.0 / (2 * 6));
  EXPECT_DOUBLE_EQ(task->loss().class_weights[1], 9.0 / (2 * 3));
}

TEST(Segmentation, LearnsFromMasksThatFollowThePicture) {
  const TaskPtr task = segmentation();
  TensorMap row;
  row.set("alignment", squashed(false));
  const Tensor plain = task->targets(two_masks().target(0), row).at("target");
  EXPECT_EQ(plain.shape(), (Shape{4, 4}));
  const std::vector<std::int64_t> wanted{0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, -1, 0, 0, 1, -1};
  EXPECT_TRUE(std::ranges::equal(plain.as<std::int64_t>(), wanted));
  row.set("alignment", squashed(true));
  const Tensor mirrored = task->targets(two_masks().target(0), row).at("target");
  EXPECT_EQ(mirrored.as<std::int64_t>()[0], 1);
  EXPECT_EQ(mirrored.as<std::int64_t>()[8], -1);
  EXPECT_EQ(mirrored.as<std::int64_t>()[3], 0);
}

TEST(Segmentation, HasNoClassWhereThePictureDoesNotReach) {
  const Tensor shifted = Tensor::of<float>({2, 3}, {1, 0, 3, 0, 2, 0});
  const Tensor placed = placed_mask(two_masks().target(0), shifted, {4, 4});
  EXPECT_EQ(placed.as<std::int64_t>()[2], -1);
  EXPECT_EQ(placed.as<std::int64_t>()[3], 0);
}

TEST(Segmentation, CountsBatchesByThePixelsThatHaveAClass) {
  TensorMap batch;
  batch.set("target", Tensor::of<std::int64_t>({1, 2, 2}, {0, -1, 1, 1}));
  EXPECT_EQ(segmentation()->weight(batch, 1), 3);
  batch.set("target", Tensor::of<std::int64_t>({1, 2, 2}, {-1, -1, -1, -1}));
  EXPECT_EQ(segmentation()->weight(batch, 1), 1) << "never nothing";
}

TEST(Segmentation, AnswersAtThePicturesOwnSizeTheLargestClassFirst) {
  const TaskPtr task = segmentation();
  const std::vector<Field> fields{as_field(grey_image(4, 2))};
  const auto found = task->read(outputs_of_halves(), fields, {squashed(false)}, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].map.shape(), (Shape{2, 4}));
  EXPECT_TRUE(std::ranges::equal(found[0].map.as<std::uint8_t>(), Pixels{0, 0, 1, 1, 0, 0, 1, 1}));
  EXPECT_EQ(found[0].label, "sky");
  EXPECT_EQ(*found[0].value, 0.5);
  const auto mirrored = task->read(outputs_of_halves(), fields, {squashed(true)}, {});
  EXPECT_TRUE(std::ranges::equal(mirrored[0].map.as<std::uint8_t>(), Pixels{1, 1, 0, 0, 1, 1, 0, 0}));
  const Json json = task->to_json(found);
  EXPECT_EQ(json["classes"][1], (Json{{"label", "sea"}, {"pixels", 4}, {"share", 0.5}}));
  EXPECT_EQ(json["width"], 4);
}

TEST(Segmentation, IsMeasuredAtThePicturesSizeAndWhileItLearnsAtThatOfTheInput) {
  const TaskPtr task = segmentation();
  MetricSet metrics(task->metrics());
  TensorMap targets;
  targets.set("target", two_masks().target(0).reshaped({1, 2, 4}));
  targets.set("alignment", squashed(false).reshaped({1, 2, 3}));
  metrics.update(outputs_of_halves(), targets);
  EXPECT_EQ(metrics.report()["miou"].value, 1);
  EXPECT_EQ(metrics.report().table("per_class").number(1, "support"), 3);
  metrics.reset();
  TensorMap learned;
  learned.set("target", Tensor::of<std::int64_t>({1, 4, 4}, {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, -1, 0}));
  metrics.update(outputs_of_halves(), learned);
  EXPECT_NEAR(metrics.report()["pixel_accuracy"].value, 14.0 / 15, 1e-12);
}

TEST(Segmentation, JudgesByTheOverlapInThePicture) {
  TensorMap outputs = outputs_of_halves();
  outputs.set("alignment", squashed(false));
  const Judged right = segmentation()->judge(outputs, two_masks().target(0));
  EXPECT_EQ(right.error, 0);
  EXPECT_EQ(right.truth, "sky 50.0 %, sea 37.5 %");
  EXPECT_EQ(right.predicted, "sky 50.0 %, sea 50.0 %; mean IoU 100.0 %");
  ASSERT_FALSE(right.found.empty());
}

TEST(Segmentation, DrawsClassesOverThePictureAndWritesThemAsAPalette) {
  const TaskPtr task = segmentation();
  const auto truth = task->as_predictions(two_masks().target(0));
  const std::vector<Field> fields{as_field(grey_image(40, 20))};
  const auto drawn = task->drawn(fields, "a", truth, 20);
  ASSERT_TRUE(drawn);
  const Image small = decode_image(drawn->bytes, "drawn");
  EXPECT_EQ(small.width, 20);
  EXPECT_EQ(small.height, 10);
  const auto file = task->answer_file(truth);
  ASSERT_TRUE(file);
  const NumberedPicture mask = decode_mask(*file, "mask");
  EXPECT_TRUE(std::ranges::equal(mask.numbers, two_masks().target(0).as<std::uint8_t>()));
  EXPECT_FALSE(task->answer_file({}));
}

TEST(Segmentation, DrawsALegendBelowThePictureAtItsOwnSize) {
  const TaskPtr task = segmentation();
  const auto truth = task->as_predictions(two_masks().target(0));
  const std::vector<Field> wide{as_field(grey_image(200, 20))};
  const auto drawn = task->drawn(wide, "a", truth, 0);
  ASSERT_TRUE(drawn);
  const Image whole = decode_image(drawn->bytes, "drawn");
  EXPECT_EQ(whole.width, 200);
  EXPECT_GT(whole.height, 20);
  EXPECT_GT(whole.pixels.back(), 250) << "paper";
  ASSERT_EQ(task->words().legend.size(), 2U);
  EXPECT_EQ(task->words().legend[1].name, "sea");
}

TEST(Segmentation, IsReadBackFromItsRecordWithTheSizeOfItsInput) {
  const TaskPtr task = task_from_record(task_record(*segmentation()), "task.json");
  EXPECT_EQ(task->kind().name, "segmentation");
  EXPECT_EQ(task->target().names, (std::vector<std::string>{"sky", "sea"}));
  const std::vector<Field> fields{as_field(grey_image(4, 2))};
  EXPECT_EQ(task->read(outputs_of_halves(), fields, {squashed(false)}, {}).size(), 2U);
  EXPECT_THROW(task_from_record({{"kind", "segmentation"}, {"names", {"a"}}, {"input", "large"}}, "task.json"), Error);
}

TEST(ExportedMaps, HaveTheSizeOfTheInput) {
  Graph network;
  network.name = "segmenter";
  network.inputs = {{"input", DType::f32, {"batch", 3, 8, 12}}, {"scores", DType::f32, {"batch", 5, 2, 3}}};
  network.outputs = {{"scores", DType::f32, {"batch", 5, 2, 3}}};
  const Graph exported = with_class_maps(network, "scores");
  ASSERT_EQ(exported.outputs.size(), 2U);
  EXPECT_EQ(exported.outputs[0].name, "logits");
  EXPECT_EQ(exported.outputs[0].shape, (SymbolicShape{"batch", 5, 8, 12}));
  EXPECT_EQ(exported.outputs[1].name, "classes");
  EXPECT_EQ(exported.outputs[1].dtype, DType::i64);
  network.inputs[0].shape = {"batch", 3, "height", "width"};
  EXPECT_THROW(with_class_maps(network, "scores"), Error);
}

TEST(MaskColours, AreThoseOfPascalVocAndBlackIsForABackgroundOnly) {
  const std::vector<std::string> with{"background", "aeroplane", "bicycle"}, without{"aeroplane", "bicycle"};
  EXPECT_EQ(class_colours(with)[0], (RgbColour{0, 0, 0}));
  EXPECT_EQ(class_colours(with)[1], (RgbColour{128, 0, 0}));
  EXPECT_EQ(class_colours(with)[2], (RgbColour{0, 128, 0}));
  EXPECT_EQ(class_colours(without)[0], (RgbColour{128, 0, 0}));
  EXPECT_EQ(class_colours(without).size(), 256U);
  std::vector<std::string> many(21, "x");
  EXPECT_EQ(class_colours(many)[19], (RgbColour{0, 64, 128})) << "tvmonitor, number 20 of VOC";
}

TEST(MaskColours, AreMixedWithThePictureWhereThereIsAClass) {
  Image image = grey_image(2, 1);
  overlay_classes(image, Tensor::of<std::uint8_t>({1, 2}, {0, 255}), class_colours(std::vector<std::string>{"sky"}));
  EXPECT_EQ(image.pixels, (Pixels{109, 45, 45, 90, 90, 90}));
}

TEST(ScoreMaps, OfAnotherNumberAreRefused) {
  const std::vector<float> few(7);
  EXPECT_THROW(
      class_map({.values = few, .classes = 2, .rows = 2, .columns = 2, .input = {4, 4}}, squashed(false), {2, 2}),
      Error);
  const std::vector<float> right(8);
  EXPECT_THROW(class_map({.values = right, .classes = 2, .rows = 2, .columns = 2}, squashed(false), {2, 2}), Error);
}

}  // namespace
}  // namespace enxerto
