#include "enxerto/data/box_table.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/csv_folds.h"
#include "enxerto/data/open.h"
#include "tests/data/workplace.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

class BoxTables : public ::testing::Test {
 protected:
  BoxTables() {
    place_.write("a.ppm");
    place_.write("b.ppm");
  }

  std::string table(const std::string& text) const { return place_.write("boxes.csv", text).string(); }

  void expect_refused(const std::string& text, const std::string& words) const {
    expect_says(thrown_by([&] { (void)open_data(table(text)); }), ErrorKind::data, words);
  }

  Workplace place_;
};

TEST_F(BoxTables, OfTensorFlowAreReadByPictureWithClassesInTheirOrder) {
  const DataParts parts =
      open_data(table("filename,width,height,class,xmin,ymin,xmax,ymax\n"
                      "a.ppm,100,80,dog,10,20,40,60\nb.ppm,50,50,cat,0,0,5,5\na.ppm,100,80,cat,1,2,3,4\n"));
  EXPECT_EQ(parts.format, "table of boxes");
  for (const TableOptions& asked : {TableOptions{.group = "none", .fold = kNoFold, .measured = true},
                                    TableOptions{.kind = "boxes", .fold = kNoFold}})
    EXPECT_EQ(open_data(place_.path() / "boxes.csv", asked).format, "table of boxes");
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(parts.all->info().target.kind, kBoxTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"cat", "dog"}));
  const std::vector<LabelledBox> boxes = boxes_of(parts.all->target(0));
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].label, 1);
  EXPECT_EQ(boxes[0].right, 40);
  EXPECT_EQ(boxes[0].area, 30 * 40);
  EXPECT_EQ(boxes[1].label, 0);
}

TEST_F(BoxTables, MayHaveExtentsInPlaceOfCorners) {
  const DataParts parts = open_data(table("image,label,x,y,width,height\na.ppm,dog,10,20,30,40\n"));
  const std::vector<LabelledBox> boxes = boxes_of(parts.all->target(0));
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].right, 40);
  EXPECT_EQ(boxes[0].bottom, 60);
}

TEST_F(BoxTables, HavePicturesWithoutObjectsAndParts) {
  const DataParts parts = open_data(table("image,label,x1,y1,x2,y2,split\na.ppm,dog,1,2,3,4,train\nb.ppm,,,,,,test\n"));
  ASSERT_TRUE(parts.train && parts.test);
  EXPECT_EQ(parts.train->size(), 1U);
  EXPECT_TRUE(boxes_of(parts.test->target(0)).empty());
}

TEST_F(BoxTables, MayBeLinesOfJsonOrBeginWithAByteOrderMark) {
  const std::string lines = R"({"image": "a.ppm", "label": "dog", "x1": 1, "y1": 2, "x2": 3, "y2": 4})";
  EXPECT_EQ(open_data(place_.write("boxes.jsonl", lines + "\n")).all->info().target.kind, kBoxTarget);
  EXPECT_TRUE(is_box_table(table("\xEF\xBB\xBF\"image\";label;x_min;y_min;x_max;y_max\na.ppm;dog;1;2;3;4\n")));
}

TEST_F(BoxTables, OfFractionsAreSaidToBeSo) {
  Listener listener;
  const std::string path = table("ImageID,LabelName,XMin,XMax,YMin,YMax,path\nx,dog,0.25,0.5,0,1,a.ppm\n");
  const DataParts parts = open_data(path, {}, listener);
  EXPECT_TRUE(listener.heard("fractions"));
  EXPECT_EQ(parts.all->info().target.kind, kBoxTarget);
}

TEST_F(BoxTables, NameTheLineThatIsWrong) {
  const std::string head = "image,label,xmin,ymin,xmax,ymax\n";
  expect_refused(head + "a.ppm,dog,1,2,x,4\n", "boxes.csv:2");
  expect_refused(head + "a.ppm,dog,1,2,3,4\na.ppm,dog,5,2,3,4\n", "boxes.csv:3");
  expect_refused(head + "a.ppm,,1,2,3,4\n", "without a class");
  expect_refused(head + "a.ppm,dog,1,2,nan,4\n", "a number");
  expect_refused(head + "c.ppm,dog,1,2,3,4\n", "'c.ppm' is not in");
  expect_refused(head + "a.ppm,,,,,\n", "not a single box");
  expect_refused("image,label,xmin,ymin,xmax,ymax,width,height\na.ppm,dog,1,2,300,4,100,80\n", "beyond the picture");
  expect_refused("image,label,x1,y1,x2,y2,split\na.ppm,dog,1,2,3,4,train\na.ppm,dog,1,2,3,4,test\n", "in line 2");
}

TEST_F(BoxTables, AreReadAsOthersWhereTheirColumnsAreAskedFor) {
  const std::string path = table("image,label,x,y,width,height\na.ppm,dog,10,20,30,40\nb.ppm,cat,1,2,3,4\n");
  EXPECT_EQ(open_data(path, {.targets = {"label"}}).all->info().target.kind, "classes");
  EXPECT_FALSE(is_box_table(table("image,label\na.ppm,dog\n")));
  EXPECT_FALSE(is_box_table(table("text,label,box\nan xmin of x1,dog,1\n")));
}

}  // namespace
}  // namespace enxerto
