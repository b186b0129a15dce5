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
  ASSERT_TRUE(found);
  EXPECT_EQ(found->classes, (Names{"Persian cat", "cat", "dog"}));
}

TEST(ClassesInNames, AreNumbersBeforeALine) {
  const auto found = classes_in_names(numbered({"0_jackson_", "7_theo_", "7_jackson_"}, ".wav"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->classes, (Names{"0", "7"}));
}

TEST(ClassesInNames, AreNotWhatAllHaveOrEachHasAlone) {
  EXPECT_FALSE(classes_in_names(numbered({"IMG_"}, ".jpg")));
  EXPECT_FALSE(classes_in_names(numbered({""}, ".jpg")));
  EXPECT_FALSE(classes_in_names(Names{"ana.jpg", "rui.jpg", "eva.jpg", "leo.jpg"}));
}

TEST(ClassesInNames, AreAdvisedForALooseFolderAndFoundByTheAdvice) {
  const testing::Workplace place;
  for (const char* name : {"cat.0", "cat.1", "cat.2", "dog.0", "dog.1", "dog.2"})
    place.write("pets/" + std::string(name) + ".jpg");
  place.write("others/1.jpg");
  try {
    (void)open_data(place.path() / "pets");
    ADD_FAILURE() << "no class folders";
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("data.label = \"^([^_.0-9-]+)[_.0-9-]\""), std::string::npos) << error.what();
    EXPECT_NE(error.text().tip.find("cat, dog"), std::string::npos) << error.what();
  }
  const DataParts parts = open_data(place.path() / "pets", {.label = "^([^_.0-9-]+)[_.0-9-]"});
  EXPECT_EQ(testing::names_of(*parts.all), (Names{"cat", "dog"}));
}

}  // namespace
}  // namespace enxerto
