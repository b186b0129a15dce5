#include "enxerto/data/coco.h"

#include <gtest/gtest.h>

#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

constexpr const char* kImages =
    R"("images": [{"id": 7, "file_name": "a.ppm", "width": 100, "height": 80}, {"id": 3, "file_name": "b.ppm", "width": 50, "height": 50}])";
constexpr const char* kCategories = R"("categories": [{"id": 90, "name": "dog"}, {"id": 2, "name": "cat"}])";

/// A file with these annotations, and its pictures beside it.
std::string coco(const Workplace& place, const std::string& annotations, const std::string& images = kImages,
                 const std::string& categories = kCategories) {
  place.write("a.ppm");
  place.write("b.ppm");
  return place.write("boxes.json", "{" + images + ", \"annotations\": [" + annotations + "], " + categories + "}")
      .string();
}

/// What an error says of it.
std::string refusal(const std::string& path) {
  try {
    (void)open_data(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

void expect_refused(const std::string& annotations, const std::string& word) {
  const Workplace place;
  const std::string said = refusal(coco(place, annotations));
  EXPECT_NE(said.find(word), std::string::npos) << said;
  EXPECT_NE(said.find("annotation 1"), std::string::npos) << said;
}

TEST(Coco, ReadsBoxesByClassesInTheOrderOfTheirIds) {
  const Workplace place;
  Listener listener;
  const std::string path =
      coco(place, R"({"id": 5, "image_id": 7, "category_id": 90, "bbox": [10, 20, 30, 40], "area": 700.5, "iscrowd": 0},
    {"id": 9, "image_id": 7, "category_id": 2, "bbox": [0, 0, 5, 5], "iscrowd": 1})");
  const DataParts parts = open_data(path, {}, listener);
  EXPECT_EQ(parts.format, "COCO");
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(parts.all->info().target.kind, kBoxTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(parts.all->get(0)->id(), "a.ppm");
  const std::vector<LabelledBox> boxes = boxes_of(parts.all->target(0));
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].label, 1);
  EXPECT_EQ(boxes[0].right, 40);
  EXPECT_EQ(boxes[0].bottom, 60);
  EXPECT_EQ(boxes[0].area, 700.5);
  EXPECT_TRUE(boxes[1].crowd);
  EXPECT_EQ(boxes[1].area, 25);
  EXPECT_TRUE(boxes_of(parts.all->target(1)).empty());
  EXPECT_TRUE(listener.heard("1 of 2 pictures without a box"));
}

TEST(Coco, FindsPicturesWhereTheFolderSuggestsOrWhereItIsTold) {
  const Workplace place;
  place.write("images/train2017/a.ppm");
  const std::string text =
      R"({"images": [{"id": 1, "file_name": "a.ppm", "width": 9, "height": 9}], "categories": [{"id": 1, "name": "x"}],
          "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4]}]})";
  const auto standard = place.write("annotations/instances_train2017.json", text);
  EXPECT_EQ(open_data(standard).all->size(), 1U);
  EXPECT_EQ(open_data(place.path()).all->size(), 1U);
  const auto elsewhere = place.write("other/deep/down/boxes.json", text);
  const std::string said = refusal(elsewhere.string());
  EXPECT_NE(said.find("'a.ppm' is in none of"), std::string::npos) << said;
  EXPECT_NE(said.find("other/deep/down/images"), std::string::npos) << said;
  EXPECT_EQ(open_data(elsewhere, {.images = (place.path() / "images/train2017").string()}).all->size(), 1U);
}

TEST(Coco, ReadsAFolderByParts) {
  const Workplace place;
  const auto text = [](const std::string& names) {
    return R"({"images": [{"id": 1, "file_name": "a.ppm"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 4, "bbox": [0, 0, 2, 2]}], "categories": [)" +
           names + "]}";
  };
  for (const char* part : {"train", "valid"}) place.write(std::string(part) + "/a.ppm");
  place.write("train/_annotations.coco.json", text(R"({"id": 1, "name": "cat"}, {"id": 4, "name": "dog"})"));
  place.write("valid/_annotations.coco.json", text(R"({"id": 4, "name": "cat"}, {"id": 9, "name": "dog"})"));
  const DataParts parts = open_data(place.path());
  ASSERT_TRUE(parts.train && parts.validation);
  EXPECT_EQ(boxes_of(parts.train->target(0))[0].label, 1);
  EXPECT_EQ(boxes_of(parts.validation->target(0))[0].label, 0);
}

TEST(Coco, NamesTheAnnotationThatIsWrong) {
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [10, 10, 0, 5]})", "no width");
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [10, 10, 5, -5]})", "no height");
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [60, 10, 90, 20]})",
                 "right and bottom in place of");
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [300, 10, 20, 20]})",
                 "beyond the picture's 100 x 80");
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [10, 10, 5]})", "four numbers");
  expect_refused(R"({"id": 1, "image_id": 7, "category_id": 5, "bbox": [1, 1, 2, 2]})", "no category has the id 5");
  expect_refused(R"({"id": 1, "image_id": 4, "category_id": 2, "bbox": [1, 1, 2, 2]})", "no image has the id 4");
}

TEST(Coco, RefusesIdsThatAreThereTwice) {
  const Workplace place;
  const std::string box = R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [1, 1, 2, 2]})";
  EXPECT_NE(refusal(coco(place, box + "," + box)).find("annotation 2: its id 1"), std::string::npos);
  EXPECT_NE(refusal(coco(place, "", R"("images": [{"id": 7, "file_name": "a.ppm"}, {"id": 7, "file_name": "b.ppm"}])"))
                .find("image 2: its id 7 appears twice"),
            std::string::npos);
  EXPECT_NE(refusal(coco(place, "", kImages, R"("categories": [{"id": 1, "name": "x"}, {"id": 1, "name": "y"}])"))
                .find("category 2"),
            std::string::npos);
}

TEST(Coco, CountsAllWrongBoxes) {
  const Workplace place;
  std::string all;
  for (int i = 1; i <= 7; ++i)
    all += std::string(i > 1 ? "," : "") + "{\"id\": " + std::to_string(i) +
           R"(, "image_id": 7, "category_id": 2, "bbox": [1, 1, 0, 2]})";
  EXPECT_NE(refusal(coco(place, all)).find("and 3 more"), std::string::npos);
}

TEST(Coco, CutsOffWhatRoundingLeavesBeyondThePicture) {
  const Workplace place;
  const std::string path = coco(place, R"({"id": 1, "image_id": 7, "category_id": 2, "bbox": [-0.5, 70, 101, 11]})");
  const std::vector<LabelledBox> boxes = boxes_of(open_data(path).all->target(0));
  EXPECT_EQ(boxes[0].left, 0);
  EXPECT_EQ(boxes[0].right, 100);
  EXPECT_EQ(boxes[0].bottom, 80);
}

TEST(Coco, RefusesPicturesOfWhichNoneHasABox) {
  const Workplace place;
  const std::string said = refusal(coco(place, ""));
  EXPECT_NE(said.find("2 pictures without a single box"), std::string::npos) << said;
}

TEST(Coco, RefusesWhatIsNoSuchFile) {
  const Workplace place;
  EXPECT_NE(refusal(place.write("x.json", R"({"annotations": []})").string()).find("no list 'categories'"),
            std::string::npos);
  EXPECT_NE(refusal(place.write("y.json", R"({"images": [], "categories": [], "annotations": [NaN]})").string()), "");
  EXPECT_FALSE(is_coco_file(place.write("z.json", R"({"data": [{"paragraphs": []}]})").string()));
}

}  // namespace
}  // namespace enxerto
