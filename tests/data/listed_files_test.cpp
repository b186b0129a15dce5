#include "enxerto/data/listed_files.h"

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
using ListedFilesOfATableTest = testing::CsvTables;

TEST_F(ListedFilesOfATableTest, NamesOfAnotherMachineAreNotMendedByAFolder) {
  for (const char* root : {"/home/ana/x", "C:\\fotos\\x"}) {
    const std::string said = refusal(std::string("file,label\n") + root + "1.jpg,a\n" + root + "2.jpg,b\n");
    EXPECT_TRUE(has(said, "of another machine")) << said;
    EXPECT_FALSE(has(said, "data.images")) << said;
  }
}

TEST_F(ListedFilesOfATableTest, NamesOfAnotherMachineAreFoundByTheEndOfTheirPath) {
  place_.write("cat/9.jpg", "9");
  const DatasetPtr all = open("file,label\n/home/ana/set/cat/9.jpg,a\nC:\\fotos\\2.jpg,b\n").all;
  EXPECT_EQ(all->get(0)->id(), "cat/9.jpg");
  EXPECT_EQ(all->get(1)->id(), "2.jpg");
  EXPECT_TRUE(listener_.heard("found under another spelling"));
}

TEST_F(ListedFilesOfATableTest, TwoNamesOfAnotherMachineAreNotOneFile) {
  const std::string said = refusal("file,label\n/data/cat/1.jpg,cat\n/data/dog/1.jpg,dog\n");
  EXPECT_TRUE(has(said, "/data/cat/1.jpg and /data/dog/1.jpg")) << said;
}

TEST_F(ListedFilesOfATableTest, AFileThatMayBeMeantByAMissingOneIsNamed) {
  for (const char* name : {"set/007.png", "set/008.png", "set/10.png"}) place_.write(name, name);
  const auto open_set = [&](const std::string& rows) {
    return open_csv(place_.write("set/t.csv", "file,label\n" + rows), {}, listener_);
  };
  (void)open_set("7,a\n8,b\n10,a\n");
  EXPECT_TRUE(listener_.heard("line 2, 7; there is 007.png"));
  try {
    (void)open_set("007.jpg,a\n008.jpg,b\n");
    ADD_FAILURE() << "files that are not there";
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("there is 007.png"), std::string::npos) << error.what();
  }
}

TEST_F(ListedFilesOfATableTest, PicturesInSeveralFoldersBelowAreFoundByTheirNames) {
  for (const char* name : {"set/part1/a.jpg", "set/part2/b.jpg", "set/part1/both.jpg", "set/part2/both.jpg"})
    place_.write(name, name);
  const DatasetPtr all = open_csv(place_.write("set/t.csv", "image_id,label\na,x\nb,y\nboth,x\n"), {}, listener_).all;
  EXPECT_EQ(all->get(0)->id(), "part1/a.jpg");
  EXPECT_EQ(all->get(1)->id(), "part2/b.jpg");
  EXPECT_EQ(all->get(2)->id(), "both");
  EXPECT_TRUE(listener_.heard("a name that several files fit"));
}

TEST_F(ListedFilesOfATableTest, ANameThatSeveralFilesFitIsSaidToBe) {
  place_.write("X.JPG", "X");
  place_.write("x.jpg", "x");
  (void)open("file,label\n1.jpg,a\n2.jpg,b\nx.Jpg,a\n");
  EXPECT_TRUE(listener_.heard("x.Jpg, a name that several files fit"));
}

TEST_F(ListedFilesOfATableTest, NamesAreReadAsPeopleWriteThem) {
  place_.write("img/Cat 1.PNG");
  place_.write("img/dog.jpeg");
  for (const char* name : {"img\\Cat 1.PNG", " img/Cat 1.PNG ", "img/cat 1.png", "img/Cat 1", "./img/Cat 1.PNG",
                           "IMG/Cat 1.PNG", "./Img/cat 1"}) {
    const DatasetPtr all = open(std::string("image,label\n") + name + ",a\n1.jpg,b\n").all;
    EXPECT_EQ(all->get(0)->field(0).bytes.size(), 1U) << name;
  }
  EXPECT_TRUE(listener_.heard("1 of its 2 pictures found under another spelling (first: line 2, 'img\\Cat 1.PNG' is "));
  EXPECT_TRUE(has(refusal("id,label\ndog,a\nCat 1,b\n"), "/img has it"));
  place_.write("img/dog.png");
  EXPECT_TRUE(has(refusal("image,label\nimg/dog,a\n"), "missing picture 'img/dog'"));
}

TEST_F(ListedFilesOfATableTest, AFewMissingPicturesAreLikeOthersThatCannotBeRead) {
  const DatasetPtr all = open("file,label\n1.jpg,a\n7.jpg,b\n2.jpg,b\n").all;
  EXPECT_EQ(all->size(), 3U);
  EXPECT_THROW(all->get(1)->field(0), Error);
  EXPECT_TRUE(listener_.heard("1 of its 3 pictures not found (first: line 3, 7.jpg)"));
}

}  // namespace
}  // namespace enxerto
