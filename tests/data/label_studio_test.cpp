#include "enxerto/data/label_studio.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/check_data.h"
#include "enxerto/data/open.h"
#include "enxerto/data/picture_places.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::Listener;
using testing::pixels_of;
using testing::Workplace;
using Pixels = std::vector<int>;

/// What was drawn in a picture of 4 x 2 px.
std::string drawn(const std::string& type, const std::string& value) {
  return R"({"id": "r", "type": ")" + type + R"(", "original_width": 4, "original_height": 2, "image_rotation": 0,
    "from_name": "label", "to_name": "image", "value": )" +
         value + "}";
}

std::string studio_box(const std::string& label, const std::string& more = "") {
  return drawn("rectanglelabels",
               R"({"x": 25, "y": 0, "width": 50, "height": 100, "rectanglelabels": [")" + label + "\"]" + more + "}");
}

std::string studio_task(int id, const std::string& picture, const std::string& results) {
  return R"({"id": )" + std::to_string(id) + R"(, "annotations": [{"id": 1, "was_cancelled": false,
    "created_at": "2024-01-02T00:00:00Z", "result": [)" +
         results + R"(]}], "drafts": [], "predictions": [], "data": {"image": ")" + picture + "\"}}";
}

TEST(LabelStudio, GivesBoxesInPixelsAndFindsAnUploadedPictureUnderItsOwnName) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 2, 1));
  place.write("sub/b c.ppm", grey_picture(4, 2, 2));
  const auto file = place.write(
      "export.json", "[" + studio_task(1, "/data/upload/1/1a2b3c4d-a.ppm", studio_box("cat")) + "," +
                         studio_task(2, "/data/local-files/?d=photos/sub/b%20c.ppm", studio_box("dog")) + "]");
  for (const std::filesystem::path& path : {file, place.path()}) {
    const DataParts parts = open_data(path);
    EXPECT_EQ(parts.format, "Label Studio");
    EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(parts.all->get(0)->id(), "a.ppm");
    EXPECT_EQ(parts.all->get(1)->id(), "sub/b c.ppm");
    const auto boxes = boxes_of(parts.all->target(0));
    EXPECT_EQ(boxes[0].left, 1);
    EXPECT_EQ(boxes[0].right, 3);
    EXPECT_EQ(boxes[0].bottom, 2);
  }
}

TEST(LabelStudio, GivesPolygonsAsMasksAndTheBoxesAroundThem) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 2));
  place.write("export.json",
              "[" +
                  studio_task(1, "https://host/x/a.ppm?v=1",
                              drawn("polygonlabels",
                                    R"({"points": [[25, 0], [75, 0], [75, 100], [25, 100]], "closed": true,
                                          "polygonlabels": ["cat"]})")) +
                  "]");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"background", "cat"}));
  EXPECT_EQ(pixels_of(parts.all->target(0)), (Pixels{0, 1, 1, 0, 0, 1, 1, 0}));
  EXPECT_EQ(boxes_of(open_data(place.path(), {.kind = "boxes"}).all->target(0))[0].right, 3);
}

TEST(LabelStudio, ReadsItsShortForm) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 2, 1));
  place.write("b.ppm", grey_picture(4, 2, 2));
  place.write("export.json",
              R"([{"image": "/data/upload/2/1a2b3c4d-a.ppm", "id": 1, "label": [{"x": 25, "y": 0, "width": 50,
    "height": 100, "rotation": 0, "rectanglelabels": ["cat"], "original_width": 4, "original_height": 2}], "annotator": 1,
    "annotation_id": 3}, {"image": "b.ppm", "id": 2, "annotator": 1, "annotation_id": 4}])");
  const DataParts parts = open_data(place.path());
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(boxes_of(parts.all->target(0))[0].left, 1);
  EXPECT_TRUE(boxes_of(parts.all->target(1)).empty());
}

TEST(LabelStudio, TakesTheLastAnnotationAndLeavesOutWhatNobodyHasFinished) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 2, 1));
  place.write("b.ppm", grey_picture(4, 2, 2));
  const std::string two = R"({"id": 1, "annotations": [{"created_at": "2024-02", "result": [)" + studio_box("new") +
                          R"(]}, {"created_at": "2024-01", "result": [)" + studio_box("old") +
                          R"(]}], "data": {"image": "a.ppm"}})";
  place.write("export.json", "[" + two + R"(, {"id": 2, "annotations": [], "data": {"image": "b.ppm"}}])");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.all->info().target.names, std::vector<std::string>{"new"});
  EXPECT_EQ(parts.all->size(), 1U);
  EXPECT_TRUE(listener.heard("1 task without an annotation"));
  EXPECT_TRUE(listener.heard("1 task of several annotations"));
}

TEST(LabelStudio, NamesTaskAndShapeOfWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> kWrong{
      {studio_box("cat", ", \"rotation\": 30"), "turned by 30 degrees"},
      {drawn("brushlabels", R"({"format": "rle", "rle": [1, 2], "brushlabels": ["cat"]})"), "painted with the brush"},
      {drawn("keypointlabels", R"({"x": 1, "y": 1, "width": 2, "keypointlabels": ["eye"]})"), "without an area"},
      {R"({"id": "s", "type": "rectangle", "original_width": 4, "original_height": 2, "value": {"x": 25, "y": 0,
        "width": 50, "height": 100}})",
       "a shape without a label"},
      {drawn("rectanglelabels", R"({"x": 25, "y": 0, "width": 50, "height": 100, "rectanglelabels": ["a", "b"]})"),
       "2 labels of one shape"},
      {drawn("polygonlabels", R"({"points": [[0, 0], [500, 1], [1, 1]], "polygonlabels": ["a"]})"),
       "beyond the picture"},
      {R"({"id": "s", "original_width": 8, "original_height": 2, "value": {"x": 0, "y": 0, "width": 50, "height": 50,
        "rectanglelabels": ["cat"]}})",
       "8 x 2 px, and 4 x 2 by another shape"}};
  for (const auto& [shape, found] : kWrong) {
    const Workplace place;
    place.write("a.ppm", grey_picture(4, 2));
    place.write("export.json", "[" + studio_task(7, "a.ppm", studio_box("cat") + "," + shape) + "]");
    const DataCheck check = check_data(place.path(), {}, 1);
    ASSERT_EQ(check.wrong.size(), 1U) << shape;
    EXPECT_NE(check.wrong[0].found.find(found), std::string::npos) << check.wrong[0].found;
    EXPECT_TRUE(check.wrong[0].where.ends_with("export.json: task 7: shape 2")) << check.wrong[0].where;
  }
}

TEST(LabelStudio, ComparesAPicturesSizeBeforeAnythingOfTheSizeThatItClaimsIsDrawn) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 2));
  const std::string outline = R"({"id": "s", "original_width": 13000, "original_height": 13000, "value":
    {"points": [[0, 0], [50, 0], [50, 50]], "polygonlabels": ["cat"]}})";
  place.write("export.json", "[" + studio_task(7, "a.ppm", outline) + "]");
  const DataCheck check = check_data(place.path(), {.kind = "masks"}, 1);
  ASSERT_FALSE(check.wrong.empty());
  EXPECT_NE(check.wrong[0].found.find("13000 x 13000 px, and its picture a.ppm has 4 x 2"), std::string::npos);
}

TEST(LabelStudio, SaysWhichPictureIsNowhere) {
  const Workplace place;
  place.write("export.json", "[" + studio_task(7, "/data/upload/1/lost.jpg", studio_box("cat")) + "]");
  try {
    (void)open_data(place.path());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("task 7: its picture '/data/upload/1/lost.jpg' is nowhere below"),
              std::string::npos)
        << error.what();
  }
}

TEST(PicturePlaces, TakesThePathOutOfAnAddress) {
  EXPECT_EQ(path_in_address("https://host/data/a%20b.jpg?token=1"), "data/a b.jpg");
  EXPECT_EQ(path_in_address("/data/local-files/?d=photos%2Fa.jpg"), "photos/a.jpg");
  EXPECT_EQ(path_in_address("s3://bucket/x/a.jpg"), "x/a.jpg");
  EXPECT_EQ(path_in_address("C:\\photos\\a.jpg"), "C:/photos/a.jpg");
}

}  // namespace
}  // namespace enxerto
