#include "enxerto/tasks/detection.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/heads/default_boxes.h"
#include "enxerto/heads/ssdlite.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/box_selection.h"
#include "enxerto/tasks/draw_boxes.h"
#include "enxerto/tasks/placed_boxes.h"
#include "tests/data/boxed.h"

namespace enxerto {
namespace {

constexpr std::int64_t kSide = 64;

/// A map of four by four places in an input of 64 px: 16 * 6 default boxes, and those of the smaller maps.
HeadFeatures maps_of_four() {
  HeadFeatures features(Value{"map", DType::f32, {"batch", 8, 4, 4}});
  features.maps = {features.value};
  features.input = {"batch", 3, kSide, kSide};
  return features;
}

const HeadFeatures kFeatures = maps_of_four();

const testing::MadeBoxes& two_classes() {
  static const testing::MadeBoxes data(
      {"cat", "dog"}, {{{.left = 0, .top = 0, .right = 64, .bottom = 32, .label = 1, .area = 900}}, {}});
  return data;
}

TaskPtr detection(const TaskRequest& asked = {.head = {.output = "auto"}, .loss = {.kind = "auto"}}) {
  static const std::vector<std::size_t> all{0, 1};
  return make_task("auto", {.dataset = two_classes(), .training = all, .features = &kFeatures}, asked);
}

/// A picture of 128 x 64 px squashed to the input, as it is or mirrored.
Tensor map_of(bool mirrored) {
  return mirrored ? Tensor::of<float>({2, 3}, {-0.5F, 0, 64, 0, 1, 0})
                  : Tensor::of<float>({2, 3}, {0.5F, 0, 0, 0, 1, 0});
}

TEST(Detection, IsChosenForBoxesAndDecidesHeadAndLoss) {
  const TaskPtr task = detection();
  EXPECT_EQ(task->kind().name, "detection");
  EXPECT_EQ(task->head().kind, "ssdlite");
  EXPECT_EQ(task->loss().kind, "ssd");
  const TaskPtr retina = detection({.head = {.kind = "retina", .output = "auto"}, .loss = {.kind = "auto"}});
  EXPECT_EQ(retina->head().hidden, (std::vector<std::int64_t>{96, 96}));
  EXPECT_EQ(retina->loss().kind, "retina");
  EXPECT_THROW(detection({.head = {.kind = "lraspp", .output = "auto"}, .loss = {.kind = "auto"}}), Error);
  EXPECT_THROW(detection({.head = {.output = "auto"}, .loss = {.kind = "retina"}}), Error);
  EXPECT_EQ(task->row_values(), std::vector<std::string>{"alignment"});
  EXPECT_THROW(detection({.head = {.hidden = {8}, .output = "auto"}, .loss = {.kind = "auto"}}), Error);
  EXPECT_THROW(detection({.head = {.output = "softmax"}, .loss = {.kind = "auto"}}), Error);
  EXPECT_THROW(detection({.head = {.output = "auto"}, .loss = {.kind = "auto"}, .mixes = true}), Error);
  EXPECT_EQ(detection_task().exact_solver({}, {}).solver, nullptr);
}

TEST(Detection, MovesBoxesWithThePicture) {
  const std::vector<LabelledBox> boxes{{.left = 0, .top = 10, .right = 40, .bottom = 30, .label = 1}};
  const PlacedBoxes plain = placed_boxes(boxes, map_of(false), 64, 64),
                    mirrored = placed_boxes(boxes, map_of(true), 64, 64);
  EXPECT_EQ(plain.corners, (std::vector<std::array<float, 4>>{{0, 10, 20, 30}}));
  EXPECT_EQ(mirrored.corners, (std::vector<std::array<float, 4>>{{44, 10, 64, 30}}));
  EXPECT_EQ(in_picture({44, 10, 64, 30}, map_of(true)), (std::array<double, 4>{0, 10, 40, 30}));
}

TEST(Detection, LeavesOutCrowdsAndWhatIsOutOfSight) {
  const Tensor crop = Tensor::of<float>({2, 3}, {1, 0, -50, 0, 1, 0});
  const std::vector<LabelledBox> boxes{{.left = 40, .top = 0, .right = 90, .bottom = 20, .label = 0},
                                       {.left = 0, .top = 0, .right = 60, .bottom = 20, .label = 0},
                                       {.left = 60, .top = 0, .right = 90, .bottom = 20, .label = 0, .crowd = true}};
  const PlacedBoxes placed = placed_boxes(boxes, crop, 64, 64);
  EXPECT_EQ(placed.corners, (std::vector<std::array<float, 4>>{{0, 0, 40, 20}}));
}

TEST(Detection, LearnsFromMatchedDefaultBoxes) {
  const TaskPtr task = detection();
  TensorMap row;
  row.set("alignment", map_of(false));
  const std::int64_t count = default_boxes(ssdlite_boxes(kFeatures)).shape()[0];
  const Tensor target = task->targets(two_classes().target(0), row).at("target");
  EXPECT_EQ(target.shape(), (Shape{count, 5}));
  std::size_t dogs = 0;
  for (std::int64_t i = 0; i < count; ++i) dogs += target.as<float>()[static_cast<std::size_t>(i) * 5] == 2 ? 1 : 0;
  EXPECT_GT(dogs, 0U);
  const Tensor none = task->targets(two_classes().target(1), row).at("target");
  for (const float value : none.as<float>()) EXPECT_EQ(value, 0);
}

/// An answer with these boxes, (boxes, 4 + 2).
Tensor answer_of(const std::vector<std::array<float, 6>>& rows) {
  std::vector<float> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  return Tensor::of<float>({static_cast<std::int64_t>(rows.size()), 6}, std::span<const float>(values));
}

TEST(BoxSelection, LeavesOutWhatABetterBoxOfTheClassCovers) {
  const Tensor answer = answer_of({{0, 0, 10, 10, 0.6F, 0.1F},
                                   {0, 0, 10, 9, 0.9F, 0.1F},
                                   {40, 40, 50, 50, 0.5F, 0.1F},
                                   {0, 0, 10, 10, 0.02F, 0.7F}});
  const auto boxes = selected_boxes(answer.as<float>(), 2, {.score = 0.2F});
  ASSERT_EQ(boxes.size(), 3U);
  EXPECT_EQ(boxes[0].number, 1U);
  EXPECT_EQ(boxes[1].number, 2U);
  EXPECT_EQ(boxes[2].label, 1U);
  EXPECT_EQ(selected_boxes(answer.as<float>(), 2, {.score = 0.2F, .of_class = 1}).size(), 2U);
  EXPECT_TRUE(selected_boxes({}, 2, {}).empty());
  EXPECT_THROW(selected_boxes(answer.as<float>().first(7), 2, {}), Error);
}

TEST(BoxSelection, LooksAtTheBestOfEachMapAndTellsOfTheBestOfAll) {
  const Tensor answer = answer_of({{0, 0, 10, 10, 0.6F, 0.5F},
                                   {20, 0, 30, 10, 0.9F, 0.1F},
                                   {40, 0, 50, 10, 0.3F, 0.8F},
                                   {60, 0, 70, 10, 0.2F, 0.7F}});
  const auto of_maps =
      selected_boxes(answer.as<float>(), 2, {.score = 0.15F, .candidates_of_map = 2, .boxes_of_map = {2, 2}});
  ASSERT_EQ(of_maps.size(), 4U);  // 0.9 and 0.6 of the first map, 0.8 and 0.7 of the second
  EXPECT_EQ(of_maps[3].score, 0.7F);
  const auto of_class = selected_boxes(answer.as<float>(), 2, {.score = 0.15F, .candidates_of_class = 1});
  ASSERT_EQ(of_class.size(), 2U);
  const auto all = selected_boxes(answer.as<float>(), 2, {.score = 0.15F, .all = 2});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].score, 0.9F);
  EXPECT_EQ(all[1].score, 0.8F);
}

TEST(BoxSelection, StandsBehindTheExportedNetwork) {
  Graph network;
  network.name = "detector";
  network.inputs = {{"candidates", DType::f32, {"batch", 10, 6}}};
  network.outputs = network.inputs;
  const Graph exported = detection()->exported(network);
  ASSERT_EQ(exported.outputs.size(), 4U);
  EXPECT_EQ(exported.outputs[0].name, "boxes");
  EXPECT_EQ(exported.outputs[2].dtype, DType::i64);
}

TEST(Detection, TellsBoxesInPixelsOfThePictureSurestFirst) {
  TensorMap outputs;
  outputs.set("probabilities", answer_of({{0, 0, 32, 32, 0.6F, 0.1F}, {32, 32, 64, 64, 0.1F, 0.9F}}));
  const auto found = detection()->read(outputs, {}, {map_of(true)}, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "dog");
  EXPECT_EQ(*found[0].box, (std::array<double, 4>{0, 32, 64, 64}));
  EXPECT_EQ(*found[1].box, (std::array<double, 4>{64, 0, 128, 32}));
  const Json json = detection()->to_json(found);
  EXPECT_EQ(json["objects"][1]["box"], (Json{64.0, 0.0, 64.0, 32.0}));
  EXPECT_TRUE(detection()->to_json({})["objects"].empty());
}

TEST(Detection, IsMeasuredByWhatIsFoundInThePicture) {
  const TaskPtr task = detection();
  MetricSet metrics(task->metrics());
  TensorMap outputs, targets;
  // The dog's box is 64 x 32 px in a picture of 128 x 64.
  outputs.set("probabilities", answer_of({{0, 0, 32, 32, 0.1F, 0.9F}}).reshaped({1, 1, 6}));
  targets.set("target", two_classes().target(0).reshaped({1, 1, kBoxColumns}));
  targets.set("alignment", map_of(false).reshaped({1, 2, 3}));
  metrics.update(outputs, targets);
  EXPECT_NEAR(metrics.report()["ap50"].value, 1, 1e-12);
  EXPECT_NEAR(metrics.report()["ap"].value, 1, 1e-12);
}

TEST(Detection, JudgesByWhatIsMissedAndWhatIsWrong) {
  const TaskPtr task = detection();
  TensorMap outputs;
  outputs.set("alignment", map_of(false));
  outputs.set("probabilities", answer_of({{0, 0, 32, 32, 0.1F, 0.9F}}));
  const Judged right = task->judge(outputs, two_classes().target(0));
  EXPECT_EQ(right.error, 0);
  EXPECT_EQ(right.truth, "1 dog");
  EXPECT_EQ(right.predicted, "1 dog; 1 of 1 found, 0 wrong");
  const Judged wrong = task->judge(outputs, two_classes().target(1));
  EXPECT_EQ(wrong.error, 1);
  EXPECT_EQ(wrong.truth, "nothing");
}

TEST(Detection, RemembersItsHeadAndHowManyBoxesAreOfEachMap) {
  const TaskPtr retina = detection({.head = {.kind = "retina", .output = "auto"}, .loss = {.kind = "auto"}});
  const Json record = task_record(*retina);
  EXPECT_EQ(record["boxes_of_map"][0], 4 * 4 * 9);
  const TaskPtr again = task_from_record(record, "task.json");
  EXPECT_EQ(again->head().kind, "retina");
  EXPECT_EQ(task_record(*again), record);
  Json wrong = record;
  wrong["head"] = "pooled";
  EXPECT_THROW(task_from_record(wrong, "task.json"), Error);
}

TEST(Detection, IsReadBackFromItsRecord) {
  const TaskPtr task = task_from_record(task_record(*detection()), "task.json");
  EXPECT_EQ(task->kind().name, "detection");
  EXPECT_EQ(task->target().names, (std::vector<std::string>{"cat", "dog"}));
}

TEST(DrawBoxes, FramesABoxAndLeavesItsInside) {
  Image image{.width = 40, .height = 40, .pixels = std::vector<std::uint8_t>(40 * 40 * 3, 0)};
  const std::vector<Prediction> found{{.label = "cat", .index = 3, .box = std::array<double, 4>{-5, 10, 20, 60}}};
  draw_boxes(image, found);
  const auto red = [&](int x, int y) { return image.pixels[static_cast<std::size_t>(y * 40 + x) * 3]; };
  EXPECT_EQ(red(10, 10), 214);
  EXPECT_EQ(red(19, 30), 214);
  EXPECT_EQ(red(10, 30), 0);
  EXPECT_EQ(red(30, 30), 0);
}

TEST(DrawBoxes, DrawsOnlyTheTwentySurestWithALightEdgeAndAName) {
  Image image{.width = 60, .height = 60, .pixels = std::vector<std::uint8_t>(60 * 60 * 3, 0)};
  std::vector<Prediction> found(
      20, {.label = "cat", .index = 3, .score = 0.9, .box = std::array<double, 4>{30, 30, 50, 50}});
  found.push_back({.label = "cat", .index = 3, .score = 0.6, .box = std::array<double, 4>{5, 5, 20, 20}});
  draw_boxes(image, found);
  const auto red = [&](int x, int y) { return image.pixels[static_cast<std::size_t>(y * 60 + x) * 3]; };
  EXPECT_EQ(red(29, 45), 255) << "the light edge of the first";
  EXPECT_EQ(red(5, 15), 214) << "the last is there";
  EXPECT_EQ(red(4, 15), 0) << "without an edge";
}

TEST(Detection, DrawsPicturesAtMostAsLargeAsAsked) {
  const Image image{.width = 80, .height = 40, .pixels = std::vector<std::uint8_t>(80 * 40 * 3, 90)};
  const std::vector<Field> fields{as_field(image)};
  const std::vector<Prediction> found{{.label = "cat", .index = 3, .box = std::array<double, 4>{20, 10, 60, 30}}};
  const auto drawn = detection()->drawn(fields, "a", found, 40);
  ASSERT_TRUE(drawn);
  const Image small = decode_image(drawn->bytes, "drawn");
  EXPECT_EQ(small.width, 40);
  EXPECT_EQ(small.height, 20);
}

}  // namespace
}  // namespace enxerto
