#include "enxerto/data/check_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/data/box_target.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/masked.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::grey_picture;
using testing::mask_file;
using testing::Workplace;

/// Whether a line says so of what is called so.
bool said(const std::vector<ErrorText>& findings, const std::string& where, const std::string& found) {
  return std::ranges::any_of(findings, [&](const ErrorText& one) {
    return one.where.find(where) != std::string::npos && one.found.find(found) != std::string::npos;
  });
}

std::string all_of(const std::vector<ErrorText>& findings) {
  std::string lines;
  for (const ErrorText& one : findings) lines += one.where + ": " + one.found + "\n";
  return lines;
}

DataCheck checked(const std::filesystem::path& path) { return check_data(path, {}, 1); }

void write_pictures(const Workplace& place, const std::string& folder) {
  place.write(folder + "a.ppm", grey_picture(40, 30, 100));
  place.write(folder + "b.ppm", grey_picture(20, 20, 120));
}

TEST(DataCheck, ListsAnswersThatDoNotStandWhereTheFileSaysAsDoubtful) {
  const Workplace place;
  const auto path = place.write(
      "q.json", R"({"data": [{"title": "t", "paragraphs": [{"context": "The river flows to the sea.", "qas": [
      {"id": "a", "question": "What?", "answers": [{"text": "river", "answer_start": 9}]},
      {"id": "b", "question": "Where?", "answers": [{"text": "the lake", "answer_start": 19}]}]}]}]})");
  const DataCheck check = checked(path);
  EXPECT_TRUE(said(check.doubtful, "q.json", "1 of 2 answers is not at the answer_start")) << all_of(check.doubtful);
  EXPECT_TRUE(said(check.doubtful, "q.json", "1 of 2 answers is not in the context")) << all_of(check.doubtful);
}

TEST(DataCheck, NamesEveryCellOfATableThatIsNoNumberInTheOrderOfItsLinesAndKeepsTheOtherRows) {
  const Workplace place;
  for (const char* name : {"a.ppm", "b.ppm", "c.ppm", "d.ppm"}) place.write(name, grey_picture(20, 20, name[0]));
  const auto path =
      place.write("t.csv", "image,width,height\na.ppm,1,2\nb.ppm,1,many\nc.ppm,few,2,9\nd.ppm,1,\"2,5\"\nd.ppm,,1\n");
  const DataCheck check = checked(path);
  ASSERT_EQ(check.wrong.size(), 4U) << all_of(check.wrong);
  EXPECT_TRUE(said({check.wrong[0]}, "t.csv:3", "'many' in column 'height'")) << all_of(check.wrong);
  EXPECT_EQ(check.wrong[0].expected, "a number with a decimal point");
  EXPECT_TRUE(said({check.wrong[1]}, "t.csv:4", "4 fields")) << all_of(check.wrong);
  EXPECT_TRUE(said({check.wrong[2]}, "t.csv:5", "'2,5' in column 'height'")) << all_of(check.wrong);
  EXPECT_TRUE(said({check.wrong[3]}, "t.csv:6", "'' in column 'width'")) << all_of(check.wrong);
  ASSERT_TRUE(check.summary);
  EXPECT_EQ(check.summary->examples(), 1U);
}

TEST(DataCheck, NamesEveryLineThatIsNoJsonAndEveryLabelThatIsNoMark) {
  const Workplace place;
  const auto lines = place.write("t.jsonl",
                                 "{\"text\": \"a fine film\", \"label\": \"good\"}\n{\"text\": \n[1]\n"
                                 "{\"text\": \"a dull film\", \"label\": \"bad\"}\n");
  const DataCheck json = checked(lines);
  EXPECT_EQ(json.wrong.size(), 2U) << all_of(json.wrong);
  EXPECT_TRUE(said(json.wrong, "t.jsonl:3", "array")) << all_of(json.wrong);
  EXPECT_EQ(json.summary->examples(), 2U);
  const DataCheck marks =
      check_data(place.write("m.csv", "text,sea,sky\na blue sea,1,-1\na grey sky,x,1\nboth of them,1,y\n"),
                 {.kind = std::string(kMultiLabelTarget)}, 1);
  EXPECT_EQ(marks.wrong.size(), 2U) << all_of(marks.wrong);
  EXPECT_TRUE(said(marks.wrong, "m.csv:3", "'x' in column 'sea'")) << all_of(marks.wrong);
}

TEST(DataCheck, NamesEveryAnnotationOfACocoFileThatIsWrongAndKeepsTheOthers) {
  const Workplace place;
  write_pictures(place, "");
  place.write("c.ppm", grey_picture(30, 40, 90));
  const auto path = place.write("boxes.json", R"({"images": [
      {"id": 1, "file_name": "a.ppm", "width": 40, "height": 30}, {"id": 2, "file_name": "b.ppm", "width": 20, "height": 20},
      {"id": 2, "file_name": "again.ppm"}, {"id": 3, "file_name": "c.ppm", "width": 40, "height": 30}],
    "categories": [{"id": 5, "name": "cat"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 2, "image_id": 1, "category_id": 5, "bbox": [5, 5, 0, 9]},
      {"id": 3, "image_id": 1, "category_id": 5, "bbox": [10, 10, 38, 28]},
      {"id": 4, "image_id": 1, "category_id": 6, "bbox": [1, 1, 9, 9]},
      {"id": 5, "image_id": 8, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 1, "image_id": 1, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 7, "image_id": 1, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 8, "image_id": 3, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 9, "image_id": 1, "category_id": 5, "bbox": [1, 2, 3]}]})");
  const DataCheck check = checked(path);
  const std::string lines = all_of(check.wrong);
  EXPECT_EQ(check.wrong.size(), 8U) << lines;
  EXPECT_TRUE(said(check.wrong, "image 3", "id 2 appears twice")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 2 (a.ppm)", "no width")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 3 (a.ppm)", "right and bottom in place of width and height?")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 4", "no category has the id 6")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 5", "no image has the id 8")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 6", "also that of annotation 1")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 9", "four numbers")) << lines;
  EXPECT_TRUE(said(check.wrong, "c.ppm", "as it is looked at")) << lines;
  EXPECT_TRUE(said(check.doubtful, "a.ppm", "2 boxes of 'cat' from (1, 1) to (10, 10)")) << all_of(check.doubtful);
  ASSERT_TRUE(check.summary);
  EXPECT_EQ(check.summary->examples(), 2U) << "the picture of another size is left out";
  EXPECT_EQ(check.summary->objects[0].objects, 2U);
}

TEST(DataCheck, NamesEveryLineOfYoloFiles) {
  const Workplace place;
  write_pictures(place, "images/");
  place.write("classes.txt", "cat\ndog\n");
  place.write("labels/a.txt", "0 0.5 0.5 0.2 0.2\n2 0.5 0.5 0.2 0.2\n1 0.5 0.5 nan 0.2\n1 0.5 0.5 0 0.2\n");
  place.write("labels/b.txt", "1 10 10 20 20\n1 0.5 0.5 0.4 0.4\n");
  const DataCheck check = checked(place.path());
  const std::string lines = all_of(check.wrong);
  EXPECT_EQ(check.wrong.size(), 4U) << lines;
  EXPECT_TRUE(said(check.wrong, "a.txt:2", "class 2 of 2")) << lines;
  EXPECT_TRUE(said(check.wrong, "a.txt:3", "not finite")) << lines;
  EXPECT_TRUE(said(check.wrong, "b.txt:1", "in pixels")) << lines;
  ASSERT_TRUE(check.summary);
  EXPECT_EQ(check.summary->objects[1].objects, 1U);
}

TEST(DataCheck, TellsOfALineOnceWhereNobodyNamesTheClasses) {
  const Workplace place;
  write_pictures(place, "images/");
  place.write("labels/a.txt", "0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0 0.2\n");
  EXPECT_EQ(checked(place.path()).wrong.size(), 1U);
}

TEST(DataCheck, NamesObjectsOfVocFilesAndFilesThatAreNone) {
  const Workplace place;
  write_pictures(place, "JPEGImages/");
  const auto object = [](const std::string& right) {
    return "<object><name>cat</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>" + right +
           "</xmax><ymax>9</ymax></bndbox></object>";
  };
  place.write("Annotations/a.xml",
              "<annotation><filename>a.ppm</filename>" + object("9") + object("1") + "</annotation>");
  place.write("Annotations/b.xml", "<annotation><object>");
  const DataCheck check = checked(place.path());
  const std::string lines = all_of(check.wrong);
  EXPECT_EQ(check.wrong.size(), 2U) << lines;
  EXPECT_TRUE(said(check.wrong, "a.xml: object 2", "no width")) << lines;
  EXPECT_TRUE(said(check.wrong, "b.xml:1", "no XML")) << lines;
  ASSERT_TRUE(check.summary);
  EXPECT_EQ(check.summary->objects[0].objects, 1U);
}

TEST(DataCheck, NamesRowsOfTables) {
  const Workplace place;
  write_pictures(place, "");
  const auto path = place.write("boxes.csv",
                                "filename,class,xmin,ymin,xmax,ymax\na.ppm,cat,1,1,9,9\na.ppm,cat,1,1,x,9\n"
                                "b.ppm,,1,1,9,9\nb.ppm,cat,5,5,5,9\n");
  const DataCheck check = checked(path);
  const std::string lines = all_of(check.wrong);
  EXPECT_EQ(check.wrong.size(), 3U) << lines;
  EXPECT_TRUE(said(check.wrong, "boxes.csv:3", "'x'")) << lines;
  EXPECT_TRUE(said(check.wrong, "boxes.csv:4", "without a class")) << lines;
  EXPECT_TRUE(said(check.wrong, "boxes.csv:5", "no width")) << lines;
}

TEST(DataCheck, NamesMasksThatAreMissingOfAnotherSizeOrOfValuesWithoutAName) {
  const Workplace place;
  for (const char* name : {"a", "b", "c", "d"})
    place.write(std::string("images/") + name + ".ppm", grey_picture(3, 2, 100 + *name));
  place.write("masks/a.png", mask_file({0, 1, 1, 0, 4, 4}, 3));
  place.write("masks/b.png", mask_file({0, 1, 1, 0, 1, 5}, 2));
  place.write("masks/c.png", "no picture");
  place.write("classes.txt", "0 grass\n1 cat\n");
  const DataCheck check = checked(place.path());
  const std::string lines = all_of(check.wrong);
  EXPECT_EQ(check.wrong.size(), 4U) << lines;
  EXPECT_TRUE(said(check.wrong, "d.ppm", "no mask")) << lines;
  EXPECT_TRUE(said(check.wrong, "b.png", "2 x 3 px")) << lines;
  EXPECT_TRUE(said(check.wrong, "b.png", "the other way round")) << lines;
  EXPECT_TRUE(said(check.wrong, "c.png", "")) << lines;
  EXPECT_TRUE(said(check.wrong, "", "4 (2 pixels, ")) << lines;
  ASSERT_TRUE(check.summary);
  EXPECT_EQ(check.summary->examples(), 1U);
  EXPECT_NEAR(check.summary->ignored, 2.0 / 6, 1e-9);
}

TEST(DataCheck, SaysWherePicturesWereLookedForThatAreElsewhere) {
  const Workplace place;
  const auto path = place.write("boxes.json", R"({"images": [{"id": 1, "file_name": "gone.ppm"}],
    "categories": [{"id": 5, "name": "cat"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 5, "bbox": [1, 1, 9, 9]}]})");
  const DataCheck check = checked(path);
  ASSERT_EQ(check.wrong.size(), 1U);
  EXPECT_NE(check.wrong[0].found.find("'gone.ppm' is in none of "), std::string::npos);
  EXPECT_FALSE(check.summary);
}

TEST(DataCheck, OfPlainPicturesNamesThoseThatCannotBeRead) {
  const Workplace place;
  write_pictures(place, "train/cat/");
  write_pictures(place, "train/dog/");
  place.write("test/dog/c.ppm", "no picture");
  const DataCheck check = checked(place.path());
  ASSERT_EQ(check.wrong.size(), 1U);
  EXPECT_EQ(check.wrong[0].where, "test/dog/c.ppm");
  EXPECT_FALSE(check.sound.test) << "nothing of it can be read";
  EXPECT_TRUE(check.sound.train);
}

TEST(DataCheck, FindsNothingWrongWithWhatIsRight) {
  const Workplace place;
  write_pictures(place, "images/");
  place.write("classes.txt", "cat\n");
  place.write("labels/a.txt", "0 0.5 0.5 0.2 0.2\n");
  const DataCheck check = checked(place.path());
  EXPECT_TRUE(check.wrong.empty()) << all_of(check.wrong);
  EXPECT_TRUE(check.doubtful.empty()) << all_of(check.doubtful);
}

TEST(DataCheck, NamesImagesAndCategoriesOfACocoFileThatCannotBe) {
  const Workplace place;
  write_pictures(place, "");
  const auto path = place.write("boxes.json", R"({"images": [
      {"id": 1, "file_name": "a.ppm", "width": 40, "height": 30}, {"id": 2, "file_name": "b.ppm", "width": -20, "height": 20},
      {"id": 3, "file_name": "a.ppm"}, {"id": 4, "file_name": ""}],
    "categories": [{"id": 5, "name": "cat"}, {"id": 6, "name": " "}, {"id": 7, "name": "cat"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 5, "bbox": [1, 1, 9, 9]},
      {"id": 2, "image_id": 1, "category_id": 5, "bbox": [2, 2, 9, 9], "iscrowd": 7},
      {"id": 3, "image_id": 3, "category_id": 7, "bbox": [3, 3, 9, 9]}]})");
  const DataCheck check = checked(path);
  const std::string lines = all_of(check.wrong);
  EXPECT_TRUE(said(check.wrong, "image 2 (b.ppm)", "its width is -20")) << lines;
  EXPECT_TRUE(said(check.wrong, "image 3", "'a.ppm' is also the 'file_name' of image 1")) << lines;
  EXPECT_TRUE(said(check.wrong, "image 4", "an empty 'file_name'")) << lines;
  EXPECT_TRUE(said(check.wrong, "category 2", "an empty 'name'")) << lines;
  EXPECT_TRUE(said(check.wrong, "category 3", "'cat' is also the 'name' of category 1")) << lines;
  EXPECT_TRUE(said(check.wrong, "annotation 2", "'iscrowd' is 7")) << lines;
}

TEST(DataCheck, CallsAnEmptyAnnotationFileAnEmptyFile) {
  const Workplace place;
  const auto path = place.write("boxes.json", "");
  EXPECT_TRUE(said(checked(path).wrong, "boxes.json", "an empty file"));
  EXPECT_TRUE(said(check_data(path, {.kind = "boxes"}, 1).wrong, "boxes.json", "an empty file"));
  write_pictures(place, "images/");
  place.write("annotations/instances_train.json", "");
  EXPECT_TRUE(said(checked(place.path()).wrong, "instances_train.json", ""));
}

TEST(DataCheck, NamesPicturesOfTwoFoldersWithTheirFolder) {
  const Workplace place;
  for (const std::string part : {"train", "valid"}) {
    place.write(part + "/a.jpg", "no picture");
    place.write(part + "/b.ppm", grey_picture(20, 20, part == "train" ? 100 : 120));
    place.write(part + "/_annotations.coco.json", R"({"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2,
      "file_name": "b.ppm"}], "categories": [{"id": 5, "name": "cat"}], "annotations": [
      {"id": 1, "image_id": 2, "category_id": 5, "bbox": [1, 1, 9, 9]}]})");
  }
  const DataCheck check = checked(place.path());
  EXPECT_EQ(check.wrong.size(), 2U) << all_of(check.wrong);
  EXPECT_TRUE(said(check.wrong, "train/a.jpg", "")) << all_of(check.wrong);
  EXPECT_TRUE(said(check.wrong, "valid/a.jpg", "")) << all_of(check.wrong);
}

}  // namespace
}  // namespace enxerto
