#include "enxerto/workflow/disk_paths.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TrainReport report() {
  TrainReport report;
  report.recipe.data.path = "/home/ana maria/my_photos/";
  report.recipe.output.path = "/home/ana maria/models/one";
  report.recipe.backbone.weights = "keras";
  report.weights = "/opt/weights/net.safetensors";
  return report;
}

TEST(DiskPaths, KeepWhatIsBelowTheFoldersOfTheRun) {
  const DiskPaths paths(report());
  EXPECT_EQ(paths.left_out(std::string("/home/ana maria/my_photos/cat/1.jpg: cannot be read")),
            "my_photos/cat/1.jpg: cannot be read");
  EXPECT_EQ(paths.left_out(std::string("(/opt/weights/net.safetensors)")), "(net.safetensors)");
  EXPECT_EQ(paths.left_out(std::string("|/home/ana maria/my\\_photos|")), "|/home/ana maria/my\\_photos|");
  EXPECT_EQ(paths.left_out(std::string("| /home/ana maria/my\\_photos |")), "| my_photos |") << "as Markdown has it";
}

TEST(DiskPaths, OfElsewhereLeaveTheirLastName) {
  const DiskPaths paths(report());
  EXPECT_EQ(paths.left_out(std::string("see /usr/lib/x.so, or '/tmp/a/b'")), "see x.so, or 'b'");
}

TEST(DiskPaths, OfWindowsLeaveTheirLastName) {
  const DiskPaths paths(report());
  EXPECT_EQ(paths.left_out(std::string(R"(missing: C:\Users\ana\x.jpg, and 'D:\y.png')")),
            "missing: x.jpg, and 'y.png'");
  EXPECT_EQ(paths.left_out(std::string(R"(a class a:b\c)")), R"(a class a:b\c)");
}

TEST(DiskPaths, AreNotClassesNorUnitsNorAddresses) {
  const DiskPaths paths(report());
  for (const char* text : {"/m/01g317", "12 images/s", "a / b", "https://example.org/usr/lib", "<a></a>",
                           "data:image/jpeg;base64,/9j/4AAQ/usr/lib"})
    EXPECT_EQ(paths.left_out(std::string(text)), text);
}

TEST(DiskPaths, AreLeftOutOfEveryTextOfARecord) {
  const Json json{{"rows", {{{"id", "/usr/lib/x"}, {"n", 3}}}}, {"note", "/usr/lib/y"}};
  EXPECT_EQ(DiskPaths(report()).left_out(json).dump(), R"({"rows":[{"id":"x","n":3}],"note":"y"})");
}

TEST(LastName, IsThatOfTheFolder) {
  EXPECT_EQ(last_name("/home/ana/flowers/"), "flowers");
  EXPECT_EQ(last_name("flowers"), "flowers");
  EXPECT_EQ(last_name(""), "");
}

}  // namespace
}  // namespace enxerto
