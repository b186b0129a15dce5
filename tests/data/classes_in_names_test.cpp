#include "enxerto/data/classes_in_names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "tests/data/targets.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using Names = std::vector<std::string>;

Names numbered(const Names& beginnings, const std::string& ending) {
  Names names;
  for (const std::string& beginning : beginnings)
    for (int i = 0; i < 4; ++i) names.push_back(beginning + std::to_string(i) + ending);
  return names;
}

TEST(ClassesInNames, AreWordsAtTheirBeginning) {
  const auto found = classes_in_names(numbered({"cat.", "Persian cat_", "dog"}, ".jpg"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].classes, (Names{"Persian cat", "cat", "dog"}));
}

TEST(ClassesInNames, AreSeveralWordsBeforeANumberToo) {
  const auto found = classes_in_names(numbered({"english_setter_", "english_cocker_", "pug_"}, ".jpg"));
  ASSERT_EQ(found.size(), 2U) << "and the first words";
  EXPECT_EQ(found[0].classes, (Names{"english_cocker", "english_setter", "pug"}));
  EXPECT_EQ(found[1].classes, (Names{"english", "pug"}));
}

TEST(ClassesInNames, AreNumbersBeforeALine) {
  const auto found = classes_in_names(numbered({"0_jackson_", "7_theo_", "7_jackson_"}, ".wav"));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].classes, (Names{"0", "7"}));
}

TEST(ClassesInNames, AreNotWhatAllHaveOrEachHasAlone) {
  EXPECT_TRUE(classes_in_names(numbered({"IMG_"}, ".jpg")).empty());
  EXPECT_TRUE(classes_in_names(numbered({""}, ".jpg")).empty());
  EXPECT_TRUE(classes_in_names(Names{"ana.jpg", "rui.jpg", "eva.jpg", "leo.jpg"}).empty());
}

TEST(ClassesInNames, AreAdvisedForALooseFolderAndFoundByTheAdvice) {
  const testing::Workplace place;
  for (const char* name : {"cat.0", "cat.1", "cat.2", "dog.0", "dog.1", "dog.2"})
    place.write("pets/" + std::string(name) + ".jpg");
  place.write("others/1.jpg");
  const std::string pattern = "^(.+?)[ _.-]*[(]?[0-9]+[)]?[.][A-Za-z0-9]+$";
  try {
    (void)open_data(place.path() / "pets");
    ADD_FAILURE() << "no class folders";
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("data.label = \"" + pattern + "\""), std::string::npos) << error.what();
    EXPECT_NE(error.text().tip.find("cat, dog"), std::string::npos) << error.what();
  }
  const DataParts parts = open_data(place.path() / "pets", {.label = pattern});
  EXPECT_EQ(testing::names_of(*parts.all), (Names{"cat", "dog"}));
}

}  // namespace
}  // namespace enxerto
