#include "enxerto/data/csv_folds.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/csv_tables.h"
#include "tests/data/targets.h"

namespace enxerto {
namespace {

using testing::has;
using testing::names_of;
using Names = std::vector<std::string>;

/// ESC-50's form, with three folds of two clips.
class CsvOfFolds : public testing::CsvTables {
 protected:
  void SetUp() override {
    std::string rows = "filename,fold,target\n";
    for (const char* fold : {"1", "2", "10"})
      for (const char* target : {"0", "4"}) {
        const std::string name = std::string(fold) + "-" + target + ".wav";
        place_.write(name, name);
        rows += name + "," + fold + "," + target + "\n";
      }
    table_ = rows;
  }

  std::string table_;
};

TEST_F(CsvOfFolds, TheLastOneIsTheTestPartOfClips) {
  const DataParts parts = open(table_);
  EXPECT_EQ(parts.train->info().target.kind, kClassTarget) << "whole numbers in target are classes there";
  EXPECT_EQ(names_of(*parts.train), (Names{"0", "4"}));
  EXPECT_EQ(parts.train->size(), 4U);
  ASSERT_EQ(parts.test->size(), 2U);
  EXPECT_EQ(parts.test->get(0)->id(), "10-0.wav");
  EXPECT_EQ(parts.validation, nullptr);
  EXPECT_TRUE(listener_.heard("folds: fold, of which 10 is the test part")) << listener_.notices.front();
}

TEST_F(CsvOfFolds, AnotherOneIsAskedForByItsNumber) {
  const DataParts parts = open(table_, {.fold = 2});
  EXPECT_EQ(parts.test->get(1)->id(), "2-4.wav");
  EXPECT_TRUE(has(refusal(table_, {.fold = 3}, ErrorKind::usage), "no fold 3"));
  EXPECT_TRUE(has(refusal("filename,label\n1-0.wav,a\n1-4.wav,b\n", {.fold = 1}, ErrorKind::usage), "no folds"));
}

TEST_F(CsvOfFolds, TheFirstMayBeZero) {
  const std::string table = "filename,fold,target\n1-0.wav,0,a\n1-4.wav,0,b\n2-0.wav,1,a\n2-4.wav,1,b\n";
  EXPECT_EQ(open(table, {.fold = 0}).test->get(0)->id(), "1-0.wav");
  EXPECT_EQ(open(table).test->get(0)->id(), "2-0.wav") << "the last one";
  EXPECT_TRUE(has(refusal(table_, {.fold = 0}, ErrorKind::usage), "no fold 0"));
}

TEST_F(CsvOfFolds, WhatCannotBeAFoldIsSaid) {
  const auto found = [&](const char* first, const char* second) {
    return refusal(fmt::format("filename,fold,target\n1-0.wav,{0},a\n1-4.wav,{0},b\n2-0.wav,{1},a\n2-4.wav,{1},b\n",
                               first, second),
                   {.fold = 1}, ErrorKind::usage);
  };
  EXPECT_TRUE(has(found("a", "b"), "the column 'fold' has 'a'"));
  EXPECT_TRUE(has(found("1.5", "2"), "the column 'fold' has '1.5'"));
  EXPECT_TRUE(has(found("1", ""), "the column 'fold' has empty cells"));
  EXPECT_TRUE(has(found("1", "1"), "the column 'fold' has 1 alone"));
}

TEST_F(CsvOfFolds, TwoColumnsOfThemAreRefused) {
  EXPECT_TRUE(has(refusal("filename,fold,fold,target\n1-0.wav,1,2,a\n1-4.wav,1,2,b\n2-0.wav,2,1,a\n2-4.wav,2,1,b\n", {},
                          ErrorKind::data),
                  "two columns 'fold'"));
}

TEST_F(CsvOfFolds, AColumnThatIsCalledSoIsNoTarget) {
  const DataParts parts = open("filename,fold,target\n1-0.wav,a,x\n1-4.wav,a,y\n2-0.wav,b,x\n2-4.wav,b,y\n");
  EXPECT_EQ(parts.all->info().target.kind, kClassTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"x", "y"}));
}

TEST_F(CsvOfFolds, AreNeitherPartsNorTargetsWhereNoneIsWanted) {
  const DataParts parts = open(table_, {.fold = kNoFold});
  EXPECT_FALSE(parts.has_parts());
  EXPECT_EQ(parts.all->info().target.kind, kClassTarget);
  EXPECT_EQ(parts.all->size(), 6U);
}

TEST_F(CsvOfFolds, OfPicturesDivideNothingUnlessTheyAreAskedFor) {
  const std::string text = "image,label,fold\n1.jpg,a,1\n2.jpg,b,1\n3.jpg,a,2\n4.jpg,b,2\n";
  for (const char* name : {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}) place_.write(name, name);
  EXPECT_FALSE(open(text).has_parts());
  EXPECT_EQ(open(text, {.fold = 1}).test->size(), 2U);
}

TEST_F(CsvOfFolds, TheFoldThatAModelWasTestedOnIsTakenWhereItIsThere) {
  const std::string folds = "file,label,fold\n1.jpg,a,1\n2.jpg,b,1\n3.jpg,a,2\n4.jpg,b,2\n";
  for (const char* name : {"1.jpg", "2.jpg", "3.jpg", "4.jpg"}) place_.write(name);
  TableOptions options;
  options.fold = fold_where_there(1);
  EXPECT_EQ(open(folds, options).test->size(), 2U);
  options.fold = fold_where_there(7);
  EXPECT_EQ(open(folds, options).test, nullptr);
  EXPECT_EQ(open("file,label\n1.jpg,a\n2.jpg,b\n", options).test, nullptr);
}

}  // namespace
}  // namespace enxerto
