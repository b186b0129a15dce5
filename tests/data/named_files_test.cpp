#include "enxerto/data/named_files.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/data/targets.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::label_of;
using testing::Listener;
using testing::names_of;
using testing::Workplace;

ErrorText refusal(const std::filesystem::path& path, const std::string& pattern, ErrorKind kind) {
  try {
    (void)open_data(path, {.label = pattern});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.text();
  }
  ADD_FAILURE() << "no error for " << pattern;
  return {};
}

TEST(NamedFiles, AreOfTheClassThatThePatternFinds) {
  Workplace place;
  for (const char* name : {"7_theo_1.wav", "10_theo_1.wav", "7_jackson_2.wav", "old/10_ann_4.flac"}) place.write(name);
  const DataParts parts = open_data(place.path(), {.label = R"((\d+)_[a-z]+_\d)"});
  ASSERT_EQ(parts.all->size(), 4U);
  EXPECT_EQ(parts.all->info().inputs, (std::vector<Medium>{Medium::audio}));
  EXPECT_EQ(names_of(*parts.all), (std::vector<std::string>{"10", "7"}));
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(label_of(*parts.all, i), parts.all->get(i)->id().find("10_") == std::string::npos ? 1 : 0);
}

TEST(NamedFiles, ThatThePatternDoesNotFitAreNamedAndLeftOut) {
  Workplace place;
  for (const char* name : {"a_1.jpg", "b_1.jpg", "strange.jpg"}) place.write(name);
  Listener listener;
  const DataParts parts = open_data(place.path(), {.label = "^([ab])_"}, listener);
  EXPECT_EQ(parts.all->size(), 2U);
  EXPECT_TRUE(listener.heard("1 file that the label's pattern does not match: strange.jpg")) << listener.notices.at(0);
}

TEST(NamedFiles, BelowFoldersOfPartsAreOfThese) {
  Workplace place;
  for (const char* name : {"x/train/a_1.jpg", "x/train/b_1.jpg", "x/test/a_2.jpg"}) place.write(name);
  Listener listener;
  const DataParts parts = open_data(place.path(), {.label = "([ab])_"}, listener);
  ASSERT_TRUE(parts.has_parts());
  EXPECT_EQ(parts.train->size(), 2U);
  EXPECT_EQ(parts.test->size(), 1U);
  EXPECT_EQ(names_of(*parts.test), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(listener.heard("taken as the parts of the data: test/ (test), train/ (train)"));
  EXPECT_FALSE(open_data(place.path(), {.label = "/(train|test)/"}).has_parts()) << "the parts are the classes";
}

TEST(NamedFiles, AreRefusedWhereThePatternFitsNoneOrIsNone) {
  Workplace place;
  place.write("a_1.jpg");
  EXPECT_EQ(refusal(place.path(), "^(z)_", ErrorKind::usage).expected, "a pattern that matches paths like a_1.jpg");
  EXPECT_NE(refusal(place.path(), "^z_", ErrorKind::usage).found.find("has 0 captures"), std::string::npos);
  EXPECT_NE(refusal(place.path(), "(", ErrorKind::usage).found.find("is not a regular expression"), std::string::npos);
  place.write("table.csv", "file,label\na_1.jpg,x\n");
  EXPECT_NE(refusal(place.path() / "table.csv", "(a)", ErrorKind::usage).found, "");
}

TEST(NamedFiles, OfAFolderWithoutExamplesAreRefused) {
  Workplace place;
  place.write("notes.md");
  EXPECT_EQ(refusal(place.path(), "(a)", ErrorKind::data).found, "no file of examples");
}

TEST(NamedFiles, ThePatternIsForFoldersOfLooseFilesOnly) {
  Workplace place;
  place.write("loose/a_1.jpg");
  place.write("classes/a/1.jpg");
  EXPECT_EQ(pattern_for((place.path() / "loose").string(), "(a)"), "(a)");
  EXPECT_EQ(pattern_for((place.path() / "classes").string(), "(a)"), "");
}

}  // namespace
}  // namespace enxerto
