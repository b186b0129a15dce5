#include "enxerto/data/other_layout.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

std::string refusal_of(const Workplace& place) {
  try {
    open_data(place.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    return error.what();
  }
  return "";
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(OtherLayout, FoldersOfFilesAndOfWhatIsSaidOfThemAreNoClasses) {
  for (const char* answers : {"gt/1.png", "labels/1.png"}) {
    Workplace place;
    place.write("images/1.jpg");
    place.write(answers);
    EXPECT_TRUE(says(refusal_of(place), "images and masks")) << answers << ": " << refusal_of(place);
  }
  Workplace boxes;
  boxes.write("img/1.jpg");
  boxes.write("ann/1.txt", "0 0.5 0.5 0.4 0.4\n");
  EXPECT_TRUE(says(refusal_of(boxes), "call the folders images and labels")) << refusal_of(boxes);
  Workplace table;
  table.write("Images/1.jpg");
  table.write("Labels/all.csv", "file,label\n1.jpg,a\n");
  EXPECT_TRUE(says(refusal_of(table), "give the table, ")) << refusal_of(table);
}

TEST(OtherLayout, OneFolderThatMayBeAClassMakesAllOfThemClasses) {
  Workplace place;
  for (const char* name : {"images/1.jpg", "gt/2.jpg", "drawings/3.jpg"}) place.write(name);
  EXPECT_EQ(open_data(place.path()).all->size(), 3U);
}

TEST(OtherLayout, AFolderThatIsADataSetOfBoxesOrMasksIsNoClass) {
  Workplace place;
  for (const char* name : {"sick/images/1.jpg", "sick/masks/1.png", "well/images/2.jpg", "well/masks/2.png"})
    place.write(name);
  EXPECT_TRUE(says(refusal_of(place), "the folder 'sick', which holds pictures and their masks"));
  EXPECT_TRUE(says(refusal_of(place), "data.label = \"([^/]+)/images/\"")) << refusal_of(place);
  EXPECT_EQ(open_data(place.path(), {.label = "([^/]+)/images/"}).all->size(), 2U);
  Workplace boxes;
  for (const char* name : {"raw/1.jpg", "boxes/images/1.jpg"}) boxes.write(name);
  boxes.write("boxes/labels/1.txt", "0 0.5 0.5 0.4 0.4\n");
  EXPECT_TRUE(says(refusal_of(boxes), "the folder 'boxes', which holds pictures and their boxes")) << refusal_of(boxes);
  for (const char* answers : {"Masks/1.png", "gt/1.png", "lung masks/1.png", "../sick/masks/1.png"}) {
    Workplace other;
    other.write("sick/Images/1.jpg");
    other.write("well/Images/2.jpg");
    other.write(std::string("sick/") + answers);
    EXPECT_TRUE(says(refusal_of(other), "data.label = \"([^/]+)/Images/\"")) << answers << refusal_of(other);
  }
  Workplace beside;
  for (const char* name : {"sick/1 (1).png", "sick/1 (1)_mask.png", "well/2.png", "well/2_mask.png"})
    beside.write(name);
  EXPECT_TRUE(says(refusal_of(beside), "their masks in one folder")) << refusal_of(beside);
}

TEST(OtherLayout, ClassesWithAnEmptyFolderOrAStrangersJsonAreClasses) {
  Workplace place;
  for (const char* name : {"cat/images/1.jpg", "dog/images/2.jpg", "fox/3.jpg"}) place.write(name);
  std::filesystem::create_directories(place.path() / "cat/labels");
  place.write("fox/notes.json", R"({"images": [], "annotations": []})");
  place.write("fox/with mask/4.jpg");
  EXPECT_EQ(open_data(place.path()).all->size(), 4U);
}

TEST(OtherLayout, BoxesBesidePicturesAreNeitherTranscriptsNorTexts) {
  Workplace place;
  place.write("set1/1.jpg");
  place.write("set1/1.txt", "0 0.5 0.5 0.4 0.4\n2 0.1 0.2 0.1 0.2\n");
  place.write("set2/2.jpg");
  place.write("set2/2.txt", "");
  EXPECT_TRUE(says(refusal_of(place), "boxes beside the pictures")) << refusal_of(place);
  place.write("set2/3.jpg");  // without a text: not all of them have one
  EXPECT_TRUE(says(refusal_of(place), "boxes beside the pictures")) << refusal_of(place);
  Workplace words;
  words.write("1.jpg");
  words.write("1.txt", "0 1 1 0 5");
  EXPECT_NO_THROW(open_data(words.path())) << "a line of digits";
}

}  // namespace
}  // namespace enxerto
