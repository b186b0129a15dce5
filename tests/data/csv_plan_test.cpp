#include "enxerto/data/csv_plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/csv_tables.h"
#include "tests/data/targets.h"

namespace enxerto {
namespace {

using testing::has;
using testing::label_of;
using testing::names_of;
using testing::numbers_of;
using Names = std::vector<std::string>;
using Numbers = std::vector<float>;
using CsvPlanTest = testing::CsvTables;

TEST_F(CsvPlanTest, ColumnsOfWhichOneIsMarkedInEveryRowAreClasses) {
  const std::string text = "file,cat,dog\n1.jpg,0,1\n2.jpg,1,0\n3.jpg,no,yes\n";
  const DatasetPtr all = open(text).all;
  EXPECT_EQ(all->info().target.kind, kClassTarget);
  EXPECT_EQ(names_of(*all), (Names{"cat", "dog"}));
  EXPECT_EQ(label_of(*all, 0), 1);
  EXPECT_TRUE(listener_.heard("data.kind = \"multi_label\""));
  EXPECT_EQ(open(text, {.kind = "multi_label"}).all->info().target.kind, kMultiLabelTarget);
  EXPECT_TRUE(has(refusal("file,cat,dog\n1.jpg,0,1\n2.jpg,1,1\n", {.kind = "classes"}), "t.csv:3: not exactly one"));
}

TEST_F(CsvPlanTest, ListsAsProgramsWriteThemAreLabels) {
  for (const char* cells : {"\"['sea', 'big sky']\"\n2.jpg,[]\n3.jpg,['sea']\n",
                            "\"[\"\"sea\"\", \"\"big sky\"\"]\"\n2.jpg,[]\n3.jpg,\"[\"\"sea\"\"]\"\n",
                            "['sea' 'big sky']\n2.jpg,\n3.jpg,('sea')\n"}) {
    const DatasetPtr all = open("file,genres\n1.jpg," + std::string(cells)).all;
    EXPECT_EQ(all->info().target.kind, kMultiLabelTarget) << cells;
    EXPECT_EQ(names_of(*all), (Names{"big sky", "sea"})) << cells;
    EXPECT_EQ(numbers_of(*all, 0), (Numbers{1, 1})) << cells;
    EXPECT_EQ(numbers_of(*all, 1), (Numbers{0, 0})) << cells;
  }
}

TEST_F(CsvPlanTest, ListsHaveEscapesNumbersAndNothing) {
  const DatasetPtr all =
      open("file,genres\n1.jpg,\"['caf\\xe9']\"\n2.jpg,\"[\"\"caf\\u00e9\"\"]\"\n3.jpg,[None]\n4.jpg,[1 2]\n").all;
  EXPECT_EQ(names_of(*all), (Names{"1", "2", "caf\u00e9"}));
  EXPECT_EQ(numbers_of(*all, 2), (Numbers{0, 0, 0}));
}

TEST_F(CsvPlanTest, ACellThatIsNoListAmongListsIsRefused) {
  const std::string said = refusal("file,genres\n1.jpg,['a']\n2.jpg,['b']\n3.jpg,\"['a', 'b'\"\n");
  EXPECT_TRUE(has(said, "t.csv:4") && has(said, "a list, as the other cells have")) << said;
}

TEST_F(CsvPlanTest, ListsOfAnotherFormAreToldAsTheLabelsThatTheyBecome) {
  (void)open("file,labels\n1.jpg,\"[['a'],['b']]\"\n2.jpg,\"[['a'],['c']]\"\n");
  EXPECT_TRUE(listener_.heard("is a label as it stands"));
}

TEST_F(CsvPlanTest, ADateBesideNumbersIsNotAmongTheColumnsThatAreAdvised) {
  const std::string said = refusal("file,date,grade\n1.jpg,2024-01-01,7\n2.jpg,2024-01-02,8\n");
  EXPECT_TRUE(has(said, "(data.targets): grade")) << said;
}

TEST_F(CsvPlanTest, PricesWithThousandsAreToldWhetherTheyAreClassesOrNumbers) {
  std::string prices = "file,price\n", points = prices;
  for (int i = 0; i < 24; ++i) {
    prices += fmt::format("{}.jpg,{}\n", 1 + i % 4,
                          i % 3 == 0 ? fmt::format("\"5,{}.90\"", 200 + i) : fmt::format("{}.5", i));
    points +=
        fmt::format("{}.jpg,{}\n", 1 + i % 4, i % 3 == 0 ? fmt::format("5.{}", 200 + i) : fmt::format("{}", 300 + i));
  }
  EXPECT_EQ(open(prices).all->info().target.kind, kClassTarget);
  EXPECT_TRUE(listener_.heard("are plain numbers, but not '5,200.90'"));
  EXPECT_EQ(open(points).all->info().target.kind, kRegressionTarget);
  EXPECT_TRUE(listener_.heard("has three digits behind it"));
}

TEST_F(CsvPlanTest, AClassThatNoRowHasMakesNoLabelsOfOneHotColumns) {
  const DatasetPtr all = open("file,cat,dog,unk\n1.jpg,0,1,0\n2.jpg,1,0,0\n").all;
  EXPECT_EQ(names_of(*all), (Names{"cat", "dog"}));
}

TEST_F(CsvPlanTest, FewPatientsAreNeitherGroupsNorTargets) {
  const DatasetPtr all = open("file,patient,age\n1.jpg,p1,7\n2.jpg,p2,8\n").all;
  EXPECT_EQ(names_of(*all), Names{"age"});
  EXPECT_EQ(names_of(*open("file,speaker\n1.jpg,ana\n2.jpg,rui\n").all), (Names{"ana", "rui"}));
  EXPECT_EQ(open("file,grupo,label\n1.jpg,a,x\n2.jpg,b,y\n").group, "grupo");
}

TEST_F(CsvPlanTest, NobodyIsOfAGroupCalledUnknown) {
  const DatasetPtr all = open("file,group,label\n1.jpg,unknown,x\n2.jpg,N/A,y\n3.jpg,ana,y\n").all;
  EXPECT_EQ(all->get(0)->group(), "");
  EXPECT_EQ(all->get(1)->group(), "");
  EXPECT_EQ(all->get(2)->group(), "ana");
}

TEST_F(CsvPlanTest, ASeparatorAmongOthersIsTold) {
  (void)open("file,labels\n1.jpg,\"a;b, c\"\n2.jpg,\"b, c\"\n");
  EXPECT_TRUE(listener_.heard("separated by ;; a , is part of a label"));
}

TEST_F(CsvPlanTest, AClassCalledAsNothingIsTold) {
  (void)open("file,label\n1.jpg,a\n2.jpg,NA\n3.jpg,b\n4.jpg,NA\n");
  EXPECT_TRUE(listener_.heard("2 pictures of the class 'NA'"));
}

TEST_F(CsvPlanTest, WhatExamplesAreTakenFromIsTheirGroup) {
  std::string text = "file,patient_id,label\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{}.jpg,p{},{}\n", 1 + i % 4, i / 2, i % 2 == 0 ? "a" : "b");
  const DatasetPtr all = open(text).all;
  EXPECT_EQ(all->info().target.kind, kClassTarget);
  EXPECT_TRUE(listener_.heard("groups: patient_id"));
  EXPECT_EQ(all->get(0)->group(), "p0");
}

TEST_F(CsvPlanTest, AGapAmongColumnsOfMarksIsNoNumber) {
  const std::string said = refusal("file,plane,car\n1.jpg,1,0\n2.jpg,0,1\n3.jpg,,1\n");
  EXPECT_TRUE(has(said, "t.csv:4: '' in column 'plane'; expected 0 or 1")) << said;
  EXPECT_TRUE(has(refusal("file,plane\n1.jpg,1\n2.jpg,0\n3.jpg,N/A\n"), "expected 0 or 1"));
  EXPECT_TRUE(has(refusal("file,age\n1.jpg,7\n2.jpg,8\n3.jpg,N/A\n"), "expected a number"));
}

TEST_F(CsvPlanTest, AColumnOfOneNumberIsToldAndAnEndlessOneRefused) {
  (void)open("file,age\n1.jpg,7.5\n2.jpg,7.5\n");
  EXPECT_TRUE(listener_.heard("every picture has the same age"));
  const std::string said = refusal("file,age\n1.jpg,7\n2.jpg,inf\n3.jpg,9\n");
  EXPECT_TRUE(has(said, "fill it in, or leave the row out")) << said;
}

TEST_F(CsvPlanTest, DoesNotAdviseTheKindThatWasRefused) {
  const std::string said = refusal("file,age\n1.jpg,7\n2.jpg,8\n3.jpg,N/A\n", {.kind = "regression"});
  EXPECT_FALSE(has(said, "data.kind")) << said;
}

}  // namespace
}  // namespace enxerto
