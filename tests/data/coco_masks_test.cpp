#include "enxerto/data/coco_masks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/check_data.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/open.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::pixels_of;
using testing::Workplace;
using Pixels = std::vector<int>;

/// A picture of 4 x 3 px, and one without objects, with these annotations.
std::string outlines(const Workplace& place, const std::string& annotations) {
  place.write("a.ppm", grey_picture(4, 3, 50));
  place.write("b.ppm", grey_picture(2, 2, 90));
  return place
      .write("outlines.json",
             R"({"images": [{"id": 7, "file_name": "a.ppm", "width": 4, "height": 3}, {"id": 9, "file_name": "b.ppm"}],
    "categories": [{"id": 3, "name": "dog"}, {"id": 1, "name": "cat"}], "annotations": [)" +
                 annotations + "]}")
      .string();
}

constexpr const char* kCat =
    R"({"id": 1, "image_id": 7, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]})";
const TableOptions kMasksAsked{.kind = std::string(kMaskTarget)};

TEST(CocoMasks, AreTheClassesOfWhatCoversThePixels) {
  const Workplace place;
  const DataParts parts = open_data(outlines(place, std::string(kCat) +
                                                        R"(, {"id": 2, "image_id": 7, "category_id": 3, "iscrowd": 1,
                                "segmentation": {"size": [3, 4], "counts": [4, 2, 6]}})"),
                                    kMasksAsked);
  EXPECT_EQ(parts.all->info().target.kind, kMaskTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"background", "cat", "dog"}));
  // The crowd covers (1, 1), which the cat has too, and (1, 2).
  EXPECT_EQ(pixels_of(parts.all->target(0)), (Pixels{1, 1, 0, 0, 1, kIgnoredPixel, 0, 0, 0, 2, 0, 0}));
  EXPECT_EQ(pixels_of(parts.all->target(1)), (Pixels{0, 0, 0, 0}));
}

TEST(CocoMasks, ReadRunsAsPycocotoolsWritesThem) {
  const Workplace place;
  const DataParts parts = open_data(
      outlines(place,
               R"({"id": 2, "image_id": 7, "category_id": 1, "segmentation": {"size": [3, 4], "counts": "426"}})"),
      kMasksAsked);
  EXPECT_EQ(pixels_of(parts.all->target(0)), (Pixels{0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}));
}

void expect_fault(const std::string& segmentation, const std::string& found) {
  const Workplace place;
  const std::string path =
      outlines(place, std::string(kCat) + R"(, {"id": 2, "image_id": 7, "category_id": 3)" + segmentation + "}");
  try {
    (void)open_data(path, kMasksAsked);
    ADD_FAILURE() << segmentation;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("annotation 2 (a.ppm)"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(found), std::string::npos) << error.what();
  }
  const DataCheck check = check_data(path, kMasksAsked, 1);
  ASSERT_EQ(check.wrong.size(), 1U) << segmentation;
  EXPECT_NE(check.wrong[0].found.find(found), std::string::npos) << check.wrong[0].found;
  EXPECT_TRUE(check.summary) << "the rest is looked at";
}

TEST(CocoMasks, NameTheAnnotationWhoseOutlineIsWrong) {
  expect_fault(R"(, "segmentation": {"size": [3, 4], "counts": [4, 200]})", "it overruns");
  expect_fault(R"(, "segmentation": {"size": [3, 4], "counts": [4, 2]})", "an RLE of 6 pixels for a picture of 12");
  expect_fault(R"(, "segmentation": {"size": [4, 3], "counts": [12]})", "of the size [4,3]");
  expect_fault(R"(, "segmentation": {"size": [3, 4], "counts": "o"})", "ends within a number");
  expect_fault(R"(, "segmentation": {"size": [3, 4], "counts": [-4, 16]})", "no length");
  expect_fault(R"(, "segmentation": [[0, 0, 2, 0]])", "a polygon of 4 numbers");
  expect_fault(R"(, "segmentation": [[0, 0, 90, 0, 2, 2]])", "the point (90, 0), beyond the picture's 4 x 3");
  expect_fault(R"(, "segmentation": [[0, 0, "x", 0, 2, 2]])", "no number");
  expect_fault(R"(, "segmentation": [])", "without polygons");
  expect_fault("", "no 'segmentation'");
}

TEST(CocoMasks, AreAskedForByKindAndBoxesAreOpenedOtherwise) {
  const Workplace place;
  const std::string box = R"({"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 2, 2]})";
  const std::string path = outlines(place, box);
  EXPECT_EQ(open_data(path).all->info().target.kind, "boxes");
  EXPECT_EQ(open_data(path, {.kind = "boxes"}).all->info().target.kind, "boxes");
  EXPECT_EQ(as_wanted({}, path, {.kind = "masks"}).kind, "masks");
  EXPECT_EQ(as_wanted({}, path, {.kind = "classes"}).kind, "auto");
  place.write("classes/a/1.ppm", grey_picture(2, 2));
  EXPECT_THROW((void)open_data(place.path() / "classes", kMasksAsked), Error);
}

TEST(CocoMasks, SayInWordsWhatIsIgnored) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 3));
  const auto path = place.write("m.json", R"({"images": [{"id": 1, "file_name": "a.ppm", "width": 4, "height": 3}],
    "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 2, 2], "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
      {"id": 2, "image_id": 1, "category_id": 2, "bbox": [1, 0, 2, 2], "segmentation": [[1, 0, 3, 0, 3, 2, 1, 2]]}]})");
  testing::Listener listener;
  (void)open_data(path, {.kind = "masks"}, listener);
  EXPECT_TRUE(listener.heard("of the masks' pixels are ignored: where objects of several classes overlap"));
  EXPECT_FALSE(listener.heard("65535"));
}

}  // namespace
}  // namespace enxerto
