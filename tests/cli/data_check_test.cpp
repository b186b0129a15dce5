#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// Two pictures with a box each, and a third box that has no width where `wrong`.
void write_boxes(const Folder& folder, bool wrong) {
  write_picture(folder / "data/images/a.bmp", 180, 20, 20, 1, 40, 24);
  write_picture(folder / "data/images/b.bmp", 20, 20, 200, 2, 16, 16);
  write(folder / "data/classes.txt", "car\n");
  write(folder / "data/labels/a.txt", "0 0.5 0.5 0.4 0.4\n");
  write(folder / "data/labels/b.txt", std::string("0 0.5 0.5 0.4 0.4\n") + (wrong ? "0 0.5 0.5 0 0.4\n" : ""));
}

TEST(DataCheck, EndsWithExitCode3AndNamesFileAndLineOfWhatIsWrong) {
  const Folder folder;
  write_boxes(folder, true);
  const Outcome said = run(folder, {"data", "check", folder / "data", "--output", folder / "seen"});
  EXPECT_EQ(said.code, 3) << said.err;
  EXPECT_NE(said.out.find("wrong     1\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("labels/b.txt:2: box 0.5 0.5 0 0.4: no width"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("median"), std::string::npos) << "the table of classes\n" << said.out;
  EXPECT_TRUE(std::filesystem::exists(folder / "seen/a.jpg"));
  const json found = json::parse(run(folder, {"data", "check", folder / "data", "--json"}).out);
  EXPECT_EQ(found.at("ok"), false);
  EXPECT_EQ(found.at("wrong").size(), 1U);
  EXPECT_EQ(found.at("names")[0].at("boxes"), 2);
}

TEST(DataCheck, EndsWithExitCode0WhereNothingIsWrong) {
  const Folder folder;
  write_boxes(folder, false);
  const Outcome said = run(folder, {"data", "check", folder / "data"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("wrong     nothing\n"), std::string::npos) << said.out;
  write(folder / "full/file", "x");
  EXPECT_EQ(run(folder, {"data", "check", folder / "data", "--output", folder / "full"}).code, 5);
}

TEST(DataCheck, OfPolygonsIsAskedForByKind) {
  const Folder folder;
  write_picture(folder / "data/a.bmp", 180, 20, 20, 1, 40, 24);
  write(folder / "data/outlines.json", R"({"images": [{"id": 1, "file_name": "a.bmp", "width": 40, "height": 24}],
    "categories": [{"id": 7, "name": "car"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 7,
      "bbox": [2, 2, 9, 4], "segmentation": [[2, 2, 11, 2, 11, 6]]}]})");
  const Outcome boxes = run(folder, {"data", "check", folder / "data/outlines.json"});
  EXPECT_NE(boxes.out.find("boxes"), std::string::npos) << boxes.out;
  const Outcome masks = run(folder, {"data", "check", folder / "data/outlines.json", "--kind", "masks"});
  EXPECT_EQ(masks.code, 0) << masks.err << masks.out;
  EXPECT_NE(masks.out.find("background"), std::string::npos) << masks.out;
}

TEST(DataCheck, SaysBelowThoseThatItIsOfWhatWouldHaveBeenRight) {
  const Folder folder;
  write_boxes(folder, true);
  write(folder / "data/images/c.bmp", "no picture");
  const Outcome said = run(folder, {"data", "check", folder / "data"});
  const std::size_t box = said.out.find("labels/b.txt:2"), right = said.out.find("    expected: boxes with a width"),
                    picture = said.out.find("c.bmp: ");
  EXPECT_LT(box, right) << said.out;
  EXPECT_LT(right, picture) << said.out;
}

TEST(DataCheck, LetsNoEscapeSequenceOfAClassNameReachTheTerminal) {
  const Folder folder;
  write_boxes(folder, true);
  write(folder / "data/classes.txt", "\x1b[31mcar\x07\xc2\x9b\n");
  const Outcome said = run(folder, {"data", "check", folder / "data"});
  EXPECT_NE(said.out.find("\\x1b[31mcar\\x07\\xc2\\x9b"), std::string::npos) << said.out;
  EXPECT_EQ((said.out + said.err).find('\x1b'), std::string::npos);
}

/// A table of sentences with `wrong` rows that have no class, each followed by a right one.
void write_table(const Folder& folder, int wrong) {
  std::string table = "text,label\n";
  for (int i = 0; i < wrong; ++i)
    table += "an old film number " + std::to_string(i) + ",\na fine film number " + std::to_string(i) + ",good\n";
  write(folder / "films.csv", table + "a film,with,a comma\n\"a \"dull\" film\",bad\na dull film,bad\n");
}

TEST(DataCheck, NamesTenWrongLinesOfATableOfAKindAndSaysHowManyMoreThereAre) {
  const Folder folder;
  write_table(folder, 13);
  const Outcome said = run(folder, {"data", "check", folder / "films.csv"});
  EXPECT_EQ(said.code, 3) << said.err;
  EXPECT_NE(said.out.find("wrong     15\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("films.csv:2: an empty cell in column 'label'\n"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("films.csv:20: an empty"), std::string::npos) << said.out;
  EXPECT_EQ(said.out.find("films.csv:22: an empty"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("  and 3 more (--json lists all)\n    expected: a class"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("films.csv:28: 3 fields\n    expected: 2, as"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("films.csv:29: text after a closing quote"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("14 texts"), std::string::npos) << said.out;
  EXPECT_EQ(json::parse(run(folder, {"data", "check", folder / "films.csv", "--json"}).out).at("wrong").size(), 15U);
}

TEST(Inspect, NamesTheWrongLinesOfATableBeforeItIsRefused) {
  const Folder folder;
  write_table(folder, 2);
  const Outcome said = run(folder, {"inspect", folder / "films.csv"});
  EXPECT_EQ(said.code, 3) << said.err;
  EXPECT_NE(said.out.find("films.csv:4: an empty cell"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("films.csv:6: 3 fields"), std::string::npos) << said.out;
  EXPECT_NE(said.err.find("4 places are wrong"), std::string::npos) << said.err;
}

TEST(DataCheck, OfClassFoldersDrawsNothing) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 3);
  const Outcome said = run(folder, {"data", "check", folder / "data", "--output", folder / "seen"});
  EXPECT_EQ(said.code, 2) << said.out;
  EXPECT_NE(said.err.find("--output"), std::string::npos) << said.err;
  EXPECT_EQ(run(folder, {"data", "check", folder / "data"}).code, 0);
  EXPECT_EQ(run(folder, {"data"}).code, 2);
  EXPECT_EQ(run(folder, {"data", "check", folder / "nothing"}).code, 3);
}

TEST(DataCheck, SaysWhatIsThereTwiceAndWithTwoAnswers) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 3);
  std::filesystem::copy_file(folder / "data/a/0.bmp", folder / "data/a/again.bmp");
  std::filesystem::copy_file(folder / "data/a/1.bmp", folder / "data/b/other.bmp");
  const Outcome said = run(folder, {"data", "check", folder / "data"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("duplicates 2; with conflicting answers: 1\n  a/1.bmp = b/other.bmp (a and b)"),
            std::string::npos)
      << said.out;
  const json found = json::parse(run(folder, {"data", "check", folder / "data", "--json"}).out);
  EXPECT_EQ(found.at("conflicts"), 1);
  EXPECT_EQ(found.at("duplicates").size(), 2U);
}

}  // namespace
}  // namespace enxerto::test
