#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// A saved model of several labels, and pictures of awkward names.
class Formats : public ::testing::Test {
 protected:
  void SetUp() override {
    write_bundle(enxerto::testing::label_bundle(), folder_ / "labels", false);
    for (const char* name : {"new\nline\t,\"x\".bmp", "e\xE8.bmp", "e\xE9.bmp"})
      write_picture(folder_ / "pictures" / name, 180, 20, 20, 1);
    write_picture(folder_ / "pictures/plain.bmp", 10, 10, 10, 2);
  }
  Outcome predict(std::vector<std::string> more) {
    std::vector<std::string> words{"predict", folder_ / "labels", folder_ / "pictures", "-q"};
    words.insert(words.end(), more.begin(), more.end());
    return run(folder_, words);
  }

  Folder folder_;
};

TEST_F(Formats, TextIsALineAnExampleWhateverItsName) {
  const Outcome said = predict({});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(std::ranges::count(said.out, '\n'), 4);
  EXPECT_NE(said.out.find("new\\nline\\t,\"x\".bmp\tred\t"), std::string::npos) << said.out;
}

TEST_F(Formats, CsvQuotesNamesAndHasARowForAnExampleWithoutALabel) {
  const Outcome said = predict({"--format", "csv"});
  ASSERT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out.find("file,rank,label,probability,value,error\r\n"), 0U) << said.out;
  EXPECT_NE(said.out.find("new\nline\t,\"\"x\"\".bmp\",1,red,0."), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("plain.bmp,,,,,\r\n"), std::string::npos) << said.out;
}

TEST_F(Formats, JsonKeepsNamesApartThatAreNoUtf8) {
  const Outcome said = predict({"--format", "jsonl"});
  ASSERT_EQ(said.code, 0) << said.err;
  std::vector<json> rows;
  for (std::size_t begin = 0; begin < said.out.size(); begin = said.out.find('\n', begin) + 1)
    rows.push_back(json::parse(said.out.substr(begin, said.out.find('\n', begin) - begin)));
  ASSERT_EQ(rows.size(), 4U);
  std::vector<std::string> odd;
  for (const json& row : rows)
    if (row.contains("file_bytes")) odd.push_back(row.at("file_bytes"));
  ASSERT_EQ(odd.size(), 2U);
  EXPECT_TRUE(odd[0].ends_with("e%E8.bmp")) << odd[0];
  EXPECT_TRUE(odd[1].ends_with("e%E9.bmp")) << odd[1];
  EXPECT_NE(said.out.find("e\\\\xe8.bmp"), std::string::npos) << said.out;
  EXPECT_EQ(json::parse(predict({"--json"}).out).at("predictions").size(), 4U);
  EXPECT_EQ(predict({"--json", "--format", "csv"}).code, 2);
}

TEST(Failure, IsAnObjectWithItsKindAndExitCode) {
  const Folder folder;
  const Outcome missing = run(folder, {"train", folder / "none", "--output", folder / "model", "--json", "-q"});
  EXPECT_EQ(missing.code, 3);
  const json error = json::parse(missing.out).at("error");
  EXPECT_EQ(error.at("kind"), "data");
  EXPECT_EQ(error.at("exit_code"), 3);
  EXPECT_EQ(error.at("where"), (folder / "none").string());
  const Outcome option = run(folder, {"train", "x", "--bakbone", "y", "--json"});
  EXPECT_EQ(option.code, 2);
  EXPECT_EQ(json::parse(option.out).at("error").at("kind"), "usage");
}

TEST(Failure, SaysOnThreeLinesWhatIsWrongWhatWasExpectedAndWhatToTry) {
  const Folder folder;
  write(folder / "w.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
  const Outcome said = run(folder, {"inspect", folder / "w.pth"});
  EXPECT_EQ(said.code, 4);
  EXPECT_TRUE(said.out.empty());
  EXPECT_NE(said.err.find("\n  try: "), std::string::npos) << said.err;
  EXPECT_EQ(said.err.find("; try: "), std::string::npos) << said.err;
}

TEST(Completion, OffersTheWordsThatAnOptionTakes) {
  const Folder folder;
  EXPECT_NE(run(folder, {"completion", "bash"}).out.find("--format) values=\"text csv jsonl squad coco\" ;;"),
            std::string::npos);
  EXPECT_NE(run(folder, {"completion", "bash"}).out.find("--optimizer) values=\"lbfgs sgd"), std::string::npos);
  EXPECT_NE(run(folder, {"completion", "zsh"}).out.find("--format) compadd -- text csv jsonl squad coco; return ;;"),
            std::string::npos);
  EXPECT_NE(run(folder, {"completion", "fish"}).out.find("-l format -x -a 'text csv jsonl squad coco'"),
            std::string::npos);
}

TEST(Inspect, ShowsANetworkWhoseWeightsAreNotThere) {
  const Folder folder;
  const Outcome said = run(folder, {"inspect", "resnet152"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("layer4"), std::string::npos) << said.out;
}

TEST_F(Formats, AMistypedPathIsNotTakenForANetwork) {
  write_class_folders(folder_ / "flowers", 2, 1);
  const Outcome shown = run(folder_, {"inspect", folder_ / "flowrs"});
  EXPECT_EQ(shown.code, 3);
  EXPECT_NE(shown.err.find("did you mean '" + (folder_ / "flowers").string() + "'"), std::string::npos) << shown.err;
  EXPECT_EQ(shown.err.find("backbone:"), std::string::npos) << shown.err;
  write(folder_ / "net.pth", "x");
  const Outcome trained = run(folder_, {"train", folder_ / "flowers", "-b", folder_ / "nte.pth", "-o", folder_ / "m"});
  EXPECT_EQ(trained.code, 4);
  EXPECT_NE(trained.err.find("did you mean '" + (folder_ / "net.pth").string() + "'"), std::string::npos)
      << trained.err;
}

}  // namespace
}  // namespace enxerto::test
