#include "enxerto/data/cvat.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/check_data.h"
#include "enxerto/data/cvat_file.h"
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

std::string cvat_image(const std::string& name, const std::string& shapes, const std::string& more = "") {
  return "  <image id=\"0\" name=\"" + name + "\" " + more + " width=\"4\" height=\"3\">\n" + shapes + "\n  </image>\n";
}

std::string cvat_text(const std::string& images) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotations>\n  <version>1.1</version>\n  "
         "<meta><task/></meta>\n" +
         images + "</annotations>\n";
}

constexpr const char* kCatBox =
    R"(<box label="cat &amp; co" source="manual" occluded="0" xtl="1.00" ytl="0.00" xbr="3.00" ybr="2.00" z_order="0"/>)";

TEST(Cvat, GivesBoxesWhereEveryShapeIsOne) {
  const Workplace place;
  place.write("images/a.ppm", grey_picture(4, 3, 1));
  place.write("images/b.ppm", grey_picture(4, 3, 2));
  const auto file = place.write("annotations.xml", cvat_text(cvat_image("a.ppm", kCatBox) + cvat_image("b.ppm", "")));
  for (const std::filesystem::path& path : {place.path(), file}) {
    const DataParts parts = open_data(path);
    EXPECT_EQ(parts.format, "CVAT");
    EXPECT_EQ(parts.all->info().target.kind, kBoxTarget);
    EXPECT_EQ(parts.all->info().target.names, std::vector<std::string>{"cat & co"});
    ASSERT_EQ(parts.all->size(), 2U) << "a picture without objects is an example";
    const auto boxes = boxes_of(parts.all->target(0));
    EXPECT_EQ(boxes[0].left, 1);
    EXPECT_EQ(boxes[0].right, 3);
    EXPECT_EQ(boxes[0].bottom, 2);
    EXPECT_TRUE(boxes_of(parts.all->target(1)).empty());
  }
}

TEST(Cvat, GivesEachPixelTheClassOfTheForemostShape) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 3));
  place.write("annotations.xml",
              cvat_text(cvat_image("a.ppm", R"(<polygon label="dog" points="0,0;2,0;2,2;0,2" z_order="1"/>
    <mask label="cat" rle="1, 3" left="1" top="1" width="2" height="2" z_order="0"/>)")));
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"background", "cat", "dog"}));
  EXPECT_EQ(pixels_of(parts.all->target(0)), (Pixels{2, 2, 0, 0, 2, 2, 1, 0, 0, 1, 1, 0}));
  const auto boxes = boxes_of(open_data(place.path(), {.kind = "boxes"}).all->target(0));
  EXPECT_EQ(boxes[0].left, 1) << "the box around the mask";
  EXPECT_EQ(boxes[0].right, 3);
}

TEST(Cvat, HasTheSubsetsAsPartsAndFindsTheirFolders) {
  const Workplace place;
  place.write("images/Train/a.ppm", grey_picture(4, 3, 1));
  place.write("images/Validation/b.ppm", grey_picture(4, 3, 2));
  place.write("annotations.xml", cvat_text(cvat_image("a.ppm", kCatBox, "subset=\"Train\"") +
                                           cvat_image("b.ppm", kCatBox, "subset=\"Validation\"")));
  const DataParts parts = open_data(place.path());
  ASSERT_TRUE(parts.train && parts.validation);
  EXPECT_EQ(parts.train->get(0)->id(), "images/Train/a.ppm");
  EXPECT_EQ(parts.validation->get(0)->id(), "images/Validation/b.ppm");
}

TEST(Cvat, NamesPictureAndShapeOfWhatIsWrong) {
  const Workplace place;
  place.write("a.ppm", grey_picture(4, 3));
  const std::vector<std::pair<std::string, std::string>> kWrong{
      {R"(<polyline label="cat" points="0,0;1,1"/>)", "'cat' is a polyline"},
      {R"(<box label="cat" xtl="1" ytl="0" xbr="3" ybr="2" rotation="30"/>)", "turned by 30 degrees"},
      {R"(<box label="cat" xtl="1" ytl="0" xbr="x" ybr="2"/>)", "xbr=\"x\" is no number"},
      {R"(<box label="" xtl="1" ytl="0" xbr="3" ybr="2"/>)", "a shape without a label"},
      {R"(<polygon label="cat" points="0,0;99,1;1,1"/>)", "beyond the picture's 4 x 3"},
      {R"(<mask label="cat" rle="1, 9" left="1" top="1" width="2" height="2"/>)", "it overruns"},
      {R"(<mask label="cat" rle="1" left="1" top="1" width="2" height="2"/>)", "it ends too early"},
      {R"(<mask label="cat" rle="1, 3" left="3" top="1" width="2" height="2"/>)", "its picture has 4 x 3"},
      {R"(<ellipse label="cat" cx="1" cy="1" rx="0" ry="1"/>)", "an ellipse of the radii 0 and 1"}};
  for (const auto& [shape, found] : kWrong) {
    place.write("annotations.xml", cvat_text(cvat_image("a.ppm", kCatBox + shape)));
    const DataCheck check = check_data(place.path(), {}, 1);
    ASSERT_EQ(check.wrong.size(), 1U) << shape;
    EXPECT_NE(check.wrong[0].found.find(found), std::string::npos) << check.wrong[0].found;
    EXPECT_TRUE(check.wrong[0].where.ends_with("annotations.xml: image 'a.ppm': shape 2")) << check.wrong[0].where;
  }
}

std::string refusal_of_cvat(const Workplace& place, const std::string& text) {
  place.write("annotations.xml", text);
  try {
    (void)open_data(place.path());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Cvat, RefusesVideosEntitiesOfItsOwnAndPicturesThatAreNowhere) {
  const Workplace place;
  EXPECT_NE(refusal_of_cvat(place, "<annotations><track id=\"0\"/></annotations>").find("objects of a video"),
            std::string::npos);
  EXPECT_NE(refusal_of_cvat(place, cvat_text(cvat_image("a.ppm", kCatBox))).find("the picture is neither in"),
            std::string::npos);
  const std::string bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n" + cvat_text("");
  EXPECT_NE(refusal_of_cvat(place, bomb).find("annotations.xml:1: entities of its own"), std::string::npos);
}

TEST(Cvat, RefusesAPictureOfMorePixelsThanAnyMayHave) {
  const Workplace place;
  EXPECT_NE(refusal_of_cvat(place, "<annotations><image name=\"a\" width=\"65536\" height=\"65536\"/></annotations>")
                .find("a picture of 65536 x 65536 px"),
            std::string::npos);
}

TEST(Cvat, TurnsRunsAlongRowsIntoRunsDownColumns) {
  const OutlineRuns runs =
      runs_of_cvat({.counts = {0, 1, 3}, .left = 0, .top = 0, .width = 2, .height = 2}, {3, 2}, "m");
  EXPECT_EQ(runs, (OutlineRuns{0, 1, 5}));
  EXPECT_EQ(runs_of_cvat({.counts = {0, 4}, .left = 1, .top = 0, .width = 2, .height = 2}, {3, 3}, "m"),
            (OutlineRuns{3, 2, 1, 2, 1}));
}

}  // namespace
}  // namespace enxerto
