#include "enxerto/data/colour_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/open.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::Workplace;

std::string names_in(const std::string& text) {
  const std::optional<MaskNames> names = parse_colour_table(text, "table");
  std::string said;
  if (names)
    for (const auto& [value, name] : names->of_value) said += name + "|";
  return said;
}

TEST(ColourTable, IsReadInTheFormsThatToolsWrite) {
  EXPECT_EQ(names_in("# label:color_rgb:parts:actions\nbackground:0,0,0::\nwhite cat:255,0,128::\n"),
            "background|white cat|")
      << "CVAT";
  EXPECT_EQ(names_in("name,r,g,b\r\nSky,128,128,128\r\nRoad,1,2,3\r\n"), "Sky|Road|") << "class_dict.csv of CamVid";
  EXPECT_EQ(names_in("64 128 64\tAnimal\n192 0 128\tArch way\n"), "Animal|Arch way|") << "CamVid";
  EXPECT_EQ(names_in("id,name,r,g,b\n0,road,128,64,128\n1,sidewalk,244,35,232\n"), "road|sidewalk|");
  EXPECT_EQ(names_in("7 person\n9 traffic light\n"), "") << "numbers";
  EXPECT_EQ(names_in("cat\ndog\n"), "");
}

TEST(ColourTable, RefusesALineThatIsNoneAndAColourTwice) {
  const auto refused = [](const std::string& text, const std::string& line) {
    try {
      (void)parse_colour_table(text, "table");
      return false;
    } catch (const Error& error) {
      return error.text().where == line;
    }
  };
  EXPECT_TRUE(refused("a 1 2 3\nb 4 5 6\nc 7 8\nd 1 1 1\n", "table:3"));
  EXPECT_TRUE(refused("a 1 2 3\nb 1 2 3\n", "table:2"));
  EXPECT_TRUE(refused("a:255,0,0::\nb:0,0::\n", "table:2")) << "half of the lines";
  EXPECT_TRUE(refused("a 1 2 3\nb 300 2 3\n", "table:2"));
  EXPECT_TRUE(refused("a 1 2\nb 3 2 3\n", "table:1"));
}

/// Two pictures of 2 x 1 px with masks in colours, as text.
void write_coloured(const Workplace& place, const std::string& pictures, const std::string& masks) {
  place.write(pictures + "/a.ppm", grey_picture(2, 1, 30));
  place.write(pictures + "/b.ppm", grey_picture(2, 1, 60));
  place.write(masks + "/a.ppm", "P3 2 1 255 0 0 0 255 0 0\n");
  place.write(masks + "/b.ppm", "P3 2 1 255 0 0 255 255 0 0\n");
}

TEST(ColourTable, OfMasksSaysTheClassOfEachPixel) {
  const Workplace place;
  write_coloured(place, "images", "masks");
  place.write("labelmap.txt", "# label:color_rgb:parts:actions\ncat:255,0,0::\nbackground:0,0,0::\n* ignore\n");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"cat", "background"}));
  EXPECT_EQ(parts.all->target(0).as<std::uint8_t>()[0], 1);
  EXPECT_EQ(parts.all->target(1).as<std::uint8_t>()[0], kIgnoredPixel);
  EXPECT_EQ(parts.all->target(1).as<std::uint8_t>()[1], 0);
}

TEST(ColourTable, ListsColoursWithoutANameWithTheirPixels) {
  const Workplace place;
  write_coloured(place, "images", "masks");
  place.write("class_dict.csv", "name,r,g,b\ncat,255,0,0\nbackground,0,0,0\n");
  try {
    (void)open_data(place.path());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("the colour 0, 0, 255 (1 pixel, "), std::string::npos) << error.what();
  }
}

TEST(ColourTable, OfCvatAndVocFoldersIsReadWithTheirListsOfParts) {
  const Workplace place;
  write_coloured(place, "JPEGImages", "SegmentationClass");
  place.write("JPEGImages/c.ppm", grey_picture(9, 9));
  place.write("labelmap.txt", "cat:255,0,0::\nbackground:0,0,0::\nsky:0,0,255::\n");
  EXPECT_EQ(open_data(place.path()).all->size(), 2U) << "pictures without a mask are left out";
  place.write("ImageSets/Segmentation/train.txt", "a\n");
  place.write("ImageSets/Segmentation/val.txt", "b\n");
  const DataParts parts = open_data(place.path());
  ASSERT_TRUE(parts.train);
  EXPECT_EQ(parts.train->get(0)->id(), "JPEGImages/a.ppm");
  EXPECT_EQ(parts.validation->get(0)->id(), "JPEGImages/b.ppm");
}

TEST(ColourTable, OfTooManyLinesIsRefusedAtTheFirstOfThem) {
  std::string text;
  for (int i = 0; i < 60'000; ++i)
    text += "c" + std::to_string(i) + " " + std::to_string(i % 256) + " " + std::to_string(i / 256) + " 7\n";
  try {
    (void)parse_colour_table(text, "table");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.text().where, "table:1001");
  }
}

}  // namespace
}  // namespace enxerto
