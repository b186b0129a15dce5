#include "enxerto/data/voc.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/open.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

std::string voc_object(const std::string& name, const std::string& corners, bool difficult = false) {
  static const std::vector<std::string> kNames{"xmin", "ymin", "xmax", "ymax"};
  std::string text = "<object><name>" + name + "</name><difficult>" + (difficult ? "1" : "0") + "</difficult><bndbox>";
  std::size_t begin = 0;
  for (const std::string& corner : kNames) {
    const std::size_t end = std::min(corners.find(' ', begin), corners.size());
    text += "<" + corner + ">" + corners.substr(begin, end - begin) + "</" + corner + ">\n";
    begin = std::min(end + 1, corners.size());
  }
  return text + "</bndbox></object>";
}

std::string voc_text(const std::string& picture, const std::string& objects) {
  return "<?xml version=\"1.0\"?>\n<annotation><folder>x</folder><filename>" + picture +
         "</filename><size><width>100</width><height>80</height><depth>3</depth></size>\n" + objects + "</annotation>";
}

void add(const Workplace& place, const std::string& xml, const std::string& picture, const std::string& objects) {
  place.write(xml, voc_text(std::filesystem::path(picture).filename(), objects));
  place.write(picture);
}

std::string refusal_of_voc(const Workplace& place) {
  try {
    (void)open_data(place.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(Voc, CountsPixelsFromOneAndIncludesTheLast) {
  const Workplace place;
  add(place, "Annotations/a.xml", "JPEGImages/a.jpg",
      voc_object("dog", "11 21 40 60") + voc_object("cat", "1 1 100 80", true));
  add(place, "Annotations/b.xml", "JPEGImages/b.jpg", "");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "PASCAL VOC");
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(parts.all->info().target.kind, kBoxTarget);
  EXPECT_EQ(parts.all->info().target.names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(parts.all->get(0)->id(), "JPEGImages/a.jpg");
  const std::vector<LabelledBox> boxes = boxes_of(parts.all->target(0));
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].left, 10);
  EXPECT_EQ(boxes[0].top, 20);
  EXPECT_EQ(boxes[0].right, 40);
  EXPECT_EQ(boxes[0].bottom, 60);
  EXPECT_EQ(boxes[0].label, 1);
  EXPECT_EQ(boxes[0].area, 1200);
  EXPECT_FALSE(boxes[0].crowd);
  EXPECT_TRUE(boxes[1].crowd);
  EXPECT_EQ(boxes[1].area, 8000);
  EXPECT_TRUE(boxes_of(parts.all->target(1)).empty());
}

TEST(Voc, CountsFromZeroWhereACornerCannotBeOtherwiseAndSaysSo) {
  for (const char* corners : {"0 5 10 20", "1.5 5 10 20"}) {
    const Workplace place;
    add(place, "a.xml", "a.jpg", voc_object("dog", "10 10 30 30"));
    add(place, "b.xml", "b.jpg", voc_object("dog", corners));
    Listener listener;
    const DataParts parts = open_data(place.path(), {}, listener);
    EXPECT_EQ(boxes_of(parts.all->target(0)).at(0).left, 10);
    EXPECT_TRUE(listener.heard("pixels are counted from 0"));
  }
}

TEST(Voc, HasThePartsThatAreListedOrTheFoldersOf) {
  const Workplace listed;
  for (const char* name : {"a", "b", "c"})
    add(listed, std::string("Annotations/") + name + ".xml", std::string("JPEGImages/") + name + ".jpg",
        voc_object("dog", "1 1 9 9"));
  listed.write("ImageSets/Main/train.txt", "c\r\na\n");
  listed.write("ImageSets/Main/val.txt", "b\n");
  const DataParts of_list = open_data(listed.path());
  EXPECT_EQ(of_list.train->get(0)->id(), "JPEGImages/c.jpg");
  EXPECT_EQ(of_list.train->size(), 2U);
  EXPECT_EQ(of_list.validation->size(), 1U);
  const Workplace folders;
  add(folders, "train/a.xml", "train/a.jpg", voc_object("dog", "1 1 9 9"));
  add(folders, "valid/annotations/b.xml", "valid/images/b.png", voc_object("cat", "1 1 9 9"));
  const DataParts of_folders = open_data(folders.path());
  EXPECT_EQ(of_folders.train->info().target.names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(of_folders.validation->get(0)->id(), "valid/images/b.png");
}

TEST(Voc, FindsAPictureThatWasRenamedWithItsFile) {
  const Workplace place;
  add(place, "annotations/a.xml", "images/old.jpg", voc_object("dog", "1 1 9 9"));
  std::filesystem::rename(place.path() / "images/old.jpg", place.path() / "images/a.JPG");
  place.write("images/unlabelled.jpg");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.all->get(0)->id(), "images/a.JPG");
  EXPECT_EQ(parts.all->size(), 1U);
  EXPECT_TRUE(listener.heard("1 picture without an .xml file left out"));
}

TEST(Voc, NamesFileAndObjectOfABoxThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> kWrong{
      {voc_object("dog", "30 10 20 40"), "no width"},
      {voc_object("dog", "1 1 900 40"), "beyond the picture's"},
      {voc_object("dog", "1 1 nine 40"), "<xmax> 'nine' is no number"},
      {voc_object("dog", "nan 1 9 40"), "not finite"},
      {voc_object("", "1 1 9 9"), "no <name>"},
      {"<object><name>dog</name></object>", "without a <bndbox>"},
      {"<object><name>dog</name><bndbox><xmin>1</xmin></bndbox></object>", "no <ymin>"}};
  for (const auto& [object, word] : kWrong) {
    const Workplace place;
    add(place, "a.xml", "a.jpg", voc_object("dog", "1 1 9 9") + object);
    const std::string said = refusal_of_voc(place);
    EXPECT_NE(said.find(word), std::string::npos) << said;
    EXPECT_NE(said.find("a.xml: object 2"), std::string::npos) << said;
  }
}

TEST(Voc, NamesFileAndLineOfWhatIsNoXml) {
  const Workplace place;
  add(place, "a.xml", "a.jpg", voc_object("dog", "1 1 9 9"));
  place.write("b.xml", "<annotation>\n<object>\n</annotation>");
  const std::string said = refusal_of_voc(place);
  EXPECT_NE(said.find("b.xml:3"), std::string::npos) << said;
  EXPECT_NE(said.find("no XML"), std::string::npos) << said;
}

TEST(Voc, SaysWhereItLookedForPictures) {
  const Workplace place;
  place.write("Annotations/a.xml", voc_text("a.jpg", voc_object("dog", "1 1 9 9")));
  const std::string said = refusal_of_voc(place);
  EXPECT_NE(said.find("its picture 'a.jpg' is in none of"), std::string::npos) << said;
  EXPECT_NE(said.find("JPEGImages"), std::string::npos) << said;
}

TEST(Voc, RefusesFilesWithoutABoxAPictureOfTwoFilesAndAListedNameWithoutAFile) {
  const Workplace empty;
  add(empty, "a.xml", "a.jpg", "");
  EXPECT_NE(refusal_of_voc(empty).find("without a single box"), std::string::npos);
  const Workplace twice;
  add(twice, "a.xml", "a.jpg", voc_object("dog", "1 1 9 9"));
  add(twice, "b.xml", "a.jpg", voc_object("dog", "1 1 9 9"));
  EXPECT_NE(refusal_of_voc(twice).find("is also that of"), std::string::npos);
  const Workplace listed;
  add(listed, "Annotations/a.xml", "JPEGImages/a.jpg", voc_object("dog", "1 1 9 9"));
  listed.write("ImageSets/Main/train.txt", "a\nz\n");
  EXPECT_NE(refusal_of_voc(listed).find("'z' has no Annotations/z.xml"), std::string::npos);
}

TEST(Voc, DecodesTheEntitiesOfXmlAndRefusesAFilesOwn) {
  const Workplace place;
  add(place, "a.xml", "a.jpg", voc_object("black &amp; white &lt;cat&gt;", "1 1 9 9"));
  EXPECT_EQ(open_data(place.path()).all->info().target.names, std::vector<std::string>{"black & white <cat>"});
  place.write("a.xml", "<!DOCTYPE annotation [\n<!ENTITY x \"xxxx\">]>\n" +
                           voc_text("a.jpg", voc_object("&x;&x;", "1 1 9 9")).substr(22));
  EXPECT_NE(refusal_of_voc(place).find("entities of its own"), std::string::npos) << refusal_of_voc(place);
}

TEST(Voc, RefusesANegativeSizeOfAPicture) {
  const Workplace place;
  place.write("a.xml", "<annotation><filename>a.jpg</filename><size><width>-100</width><height>80</height></size>" +
                           voc_object("dog", "1 1 9 9") + "</annotation>");
  place.write("a.jpg");
  EXPECT_NE(refusal_of_voc(place).find("a <size> of -100 x 80 px"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
