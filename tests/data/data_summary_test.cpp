#include "enxerto/data/data_summary.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;
using Sizes = std::vector<std::int64_t>;

/// A picture of `width` x 1 px whose samples are `sample`.
std::string picture(int width, int sample = 200) {
  std::string text = "P2 " + std::to_string(width) + " 1 255";
  for (int x = 0; x < width; ++x) text += " " + std::to_string(sample);
  return text + "\n";
}

TEST(DataSummary, CountsClassesByPartSizesAndFormats) {
  Workplace place;
  place.write("train/a/1.ppm", picture(2));
  place.write("train/a/2.ppm", picture(3));
  place.write("train/b/1.ppm", picture(9));
  place.write("test/b/1.ppm", picture(4));
  const DataSummary data = summarise(open_data(place.path()), 1);
  EXPECT_EQ(data.examples(), 4U);
  ASSERT_EQ(data.parts.size(), 2U);
  EXPECT_EQ(data.parts[0].name, "train");
  EXPECT_EQ(data.parts[0].of_name, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(data.parts[1].of_name, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(data.sizes[0], (Sizes{2, 1}));
  EXPECT_EQ(data.sizes[1], (Sizes{4, 1}));
  EXPECT_EQ(data.sizes[2], (Sizes{9, 1}));
  EXPECT_EQ(data.size_unit, "px");
  EXPECT_EQ(data.formats, (std::map<std::string, std::size_t>{{"PNM", 4}}));
  EXPECT_TRUE(data.bad.empty() && data.same.empty() && data.remarks.empty());
}

TEST(DataSummary, NamesWhatCannotBeReadAndWhatIsNearlyBlack) {
  Workplace place;
  place.write("a/1.ppm", picture(2));
  place.write("a/2.jpg", "no picture at all");
  place.write("b/1.ppm", picture(2, 15));
  const DataSummary data = summarise(open_data(place.path()), 1);
  ASSERT_EQ(data.bad.size(), 1U);
  EXPECT_EQ(data.bad[0].id, "a/2.jpg");
  ASSERT_EQ(data.remarks.size(), 1U);
  EXPECT_EQ(data.remarks[0].reason, "nearly black: no sample above 15 of 255");
}

TEST(DataSummary, GroupsEqualPicturesAndSaysWhereTheyAreAnsweredDifferently) {
  Workplace place;
  place.write("train/a/1.ppm", picture(2));
  place.write("train/a/2.ppm", picture(2));
  place.write("train/b/1.ppm", picture(3));
  place.write("test/a/1.ppm", picture(3));
  const DataSummary data = summarise(open_data(place.path()), 1);
  ASSERT_EQ(data.same.size(), 2U);
  EXPECT_EQ(data.same[0].ids, (std::vector<std::string>{"train/a/1.ppm", "train/a/2.ppm"}));
  EXPECT_EQ(data.same[0].targets, std::vector<std::string>{"a"});
  EXPECT_FALSE(data.same[0].across_parts);
  EXPECT_EQ(data.same[1].targets, (std::vector<std::string>{"b", "a"}));
  EXPECT_TRUE(data.same[1].across_parts);
}

TEST(DataSummary, GivesTheRangeOfNumbers) {
  Workplace place;
  place.write("1.ppm", picture(2));
  place.write("2.ppm", picture(3));
  const DataSummary data = summarise(open_data(place.write("t.csv", "image,age\n1.ppm,1\n2.ppm,4\n")), 1);
  ASSERT_EQ(data.ranges.size(), 1U);
  EXPECT_EQ(data.ranges[0].least, 1);
  EXPECT_EQ(data.ranges[0].mean, 2.5);
  EXPECT_EQ(data.ranges[0].greatest, 4);
}

TEST(RequireFew, LeavesOutOneInTwentyUnlessToldOtherwise) {
  const std::vector<BadExample> one{{"a", "a: broken"}}, two{{"a", "a: broken"}, {"b", "b: broken"}};
  EXPECT_NO_THROW(require_few(one, 20, OnBad::few, "pictures"));
  EXPECT_THROW(require_few(one, 19, OnBad::few, "pictures"), Error);
  EXPECT_THROW(require_few(two, 39, OnBad::few, "pictures"), Error);
  EXPECT_NO_THROW(require_few(two, 2, OnBad::skip, "pictures"));
  EXPECT_NO_THROW(require_few({}, 0, OnBad::error, "pictures"));
}

}  // namespace
}  // namespace enxerto
