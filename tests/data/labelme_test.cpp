#include "enxerto/data/labelme.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/check_data.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/open.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::Listener;
using testing::pixels_of;
using testing::Workplace;
using Pixels = std::vector<int>;

/// A file of a picture of 4 x 3 px, and the picture beside it.
void write_labelled(const Workplace& place, const std::string& name, const std::string& shapes) {
  place.write(name + ".ppm", grey_picture(4, 3, 40 + static_cast<int>(name.size())));
  place.write(name + ".json", R"({"version": "5.2.1", "flags": {}, "shapes": [)" + shapes +
                                  R"(], "imagePath": "..\\photos\\)" + name + R"(.ppm", "imageData": null,
    "imageHeight": 3, "imageWidth": 4})");
}

std::string shape(const std::string& label, const std::string& type, const std::string& points) {
  return R"({"label": ")" + label + R"(", "points": )" + points + R"(, "group_id": null, "shape_type": ")" + type +
         R"(", "flags": {}})";
}

constexpr const char* kUpperLeft = "[[0, 0], [2, 0], [2, 2], [0, 2]]";

TEST(Labelme, GivesEachPixelTheClassOfTheLastShapeThatCoversIt) {
  const Workplace place;
  write_labelled(place, "a",
                 shape("sofa", "polygon", kUpperLeft) + "," + shape("cat", "rectangle", "[[1, 1], [3, 3]]"));
  write_labelled(place, "bb", shape("__ignore__", "polygon", kUpperLeft));
  place.write("unlabelled.ppm", grey_picture(5, 5));
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.format, "LabelMe");
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"background", "cat", "sofa"}));
  EXPECT_EQ(pixels_of(parts.all->target(0)), (Pixels{2, 2, 0, 0, 2, 1, 1, 0, 0, 1, 1, 0}));
  EXPECT_EQ(pixels_of(parts.all->target(1))[0], kIgnoredPixel);
  EXPECT_TRUE(listener.heard("1 picture not labelled in LabelMe"));
}

TEST(Labelme, OfRectanglesAloneAreBoxesAndOtherShapesWhereTheyAreAskedFor) {
  const Workplace place;
  write_labelled(place, "a", shape("cat", "rectangle", "[[3, 3], [1, 1]]"));
  const DataParts parts = open_data(place.path());
  ASSERT_EQ(parts.all->info().target.kind, kBoxTarget);
  const std::vector<LabelledBox> boxes = boxes_of(parts.all->target(0));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].left, 1);
  EXPECT_EQ(boxes[0].bottom, 3);
  EXPECT_EQ(open_data(place.path(), {.kind = "masks"}).all->info().target.kind, kMaskTarget);
  const Workplace polygons;
  write_labelled(polygons, "a", shape("cat", "polygon", "[[0, 0], [2, 0], [1, 2]]"));
  EXPECT_EQ(boxes_of(open_data(polygons.path(), {.kind = "boxes"}).all->target(0))[0].right, 2);
}

TEST(Labelme, HasPartsByFolders) {
  const Workplace place;
  write_labelled(place, "train/a", shape("cat", "polygon", kUpperLeft));
  write_labelled(place, "val/b", shape("cat", "polygon", kUpperLeft));
  const DataParts parts = open_data(place.path());
  ASSERT_TRUE(parts.train);
  EXPECT_EQ(parts.train->get(0)->id(), "train/a.ppm");
  EXPECT_EQ(parts.validation->size(), 1U);
}

TEST(Labelme, NamesFileAndShapeOfWhatIsWrong) {
  const Workplace place;
  write_labelled(place, "a",
                 shape("cat", "polygon", kUpperLeft) + "," + shape("eye", "point", "[[1, 1]]") + "," +
                     shape("cat", "polygon", "[[0, 0], [1, 1]]") + "," +
                     shape("cat", "polygon", "[[0, 0], [99, 1], [1, 1]]"));
  place.write("lost.json", R"({"shapes": [], "imagePath": "lost.ppm", "imageHeight": 3, "imageWidth": 4})");
  try {
    (void)open_data(place.path());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("a.json: shape 2: 'eye' is a shape of the type 'point'"),
              std::string::npos)
        << error.what();
  }
  const DataCheck check = check_data(place.path(), {}, 1);
  ASSERT_EQ(check.wrong.size(), 4U);
  EXPECT_NE(check.wrong[1].found.find("a polygon of 4 numbers"), std::string::npos) << check.wrong[1].found;
  EXPECT_NE(check.wrong[2].found.find("beyond the picture's 4 x 3"), std::string::npos) << check.wrong[2].found;
  EXPECT_NE(check.wrong[3].found.find("'lost.ppm' is neither there"), std::string::npos) << check.wrong[3].found;
}

TEST(Labelme, NamesAShapeWithoutALabelAndADamagedFileThatComesFirst) {
  const Workplace place;
  write_labelled(place, "b", shape("cat", "rectangle", "[[1, 1], [3, 3]]"));
  place.write("a.ppm", grey_picture(4, 3, 50));
  place.write("a.json", "");
  const auto said = [&] {
    try {
      (void)open_data(place.path());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(said().find("a.json"), std::string::npos) << said();
  write_labelled(place, "a", shape("", "rectangle", "[[1, 1], [3, 3]]"));
  EXPECT_NE(said().find("a shape without a label"), std::string::npos) << said();
}

TEST(Labelme, NamesACircleWithoutARadiusAndOneLargerThanItsPicture) {
  for (const char* points : {"[[1, 1], [1, 1]]", "[[1, 1], [1e9, 1]]"}) {
    const Workplace place;
    write_labelled(place, "a", shape("cat", "polygon", kUpperLeft) + "," + shape("cat", "circle", points));
    const DataCheck check = check_data(place.path(), {}, 1);
    ASSERT_EQ(check.wrong.size(), 1U);
    EXPECT_NE(check.wrong[0].found.find("a circle of the radius"), std::string::npos) << check.wrong[0].found;
    EXPECT_TRUE(check.wrong[0].where.ends_with("a.json: shape 2"));
  }
}

}  // namespace
}  // namespace enxerto
