#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// A folder with a manifest whose weights do not all lie beside it.
void write_cut_off_networks(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const json weights = json::array({{{"name", "conv0/filters"},
                                     {"shape", {3, 3, 3, 16}},
                                     {"dtype", "float32"},
                                     {"quantization", {{"dtype", "uint8"}, {"scale", 0.01}, {"min", -1.2}}}}});
  write(folder / "tiny_face_detector_model-weights_manifest.json",
        json::array({{{"paths", {"tiny_face_detector_model.bin"}}, {"weights", weights}}}).dump());
  write(folder / "tiny_face_detector_model.bin", std::string(100, '\7'));
}

std::vector<std::string> landmarks(const Folder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"landmarks", folder / "data", "--finder", folder / "model"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Landmarks, OfNetworksThatAreCutOffSayHowManyBytesAreMissing) {
  const Folder folder;
  write_class_folders(folder / "data", 1, 2);
  write_cut_off_networks(folder / "model");
  const Outcome outcome = run(folder, landmarks(folder));
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  EXPECT_NE(outcome.err.find("has 100 bytes in the shard 'tiny_face_detector_model.bin'"), std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("the 432 bytes that its 1 weights declare"), std::string::npos) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "data/landmarks.csv"));
}

TEST(Landmarks, WithoutNetworksAreRefused) {
  const Folder folder;
  write_class_folders(folder / "data", 1, 2);
  const Outcome outcome = run(folder, landmarks(folder));
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  EXPECT_NE(outcome.err.find("there is no such file"), std::string::npos) << outcome.err;
}

TEST(Landmarks, AreNotWrittenWhereNobodyFindsThem) {
  const Folder folder;
  write_class_folders(folder / "data", 1, 2);
  std::filesystem::create_directories(folder / "elsewhere");
  write(folder / "data/landmarks.csv", "mine");
  EXPECT_EQ(run(folder, landmarks(folder)).code, 2) << "it is there";
  EXPECT_EQ(contents(folder / "data/landmarks.csv"), "mine");
  EXPECT_EQ(run(folder, landmarks(folder, {"--output", folder / "data/points.csv"})).code, 2);
  const Outcome outcome = run(folder, landmarks(folder, {"--output", folder / "elsewhere/landmarks.csv"}));
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_NE(outcome.err.find("is not found from"), std::string::npos) << outcome.err;
}

TEST(Finder, HasAnEffectOnFacesAlone) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  const std::vector<std::string> train{"train",    folder / "data",  "--size", "32",
                                       "--output", folder / "model", "--quiet"};
  std::vector<std::string> words = train;
  words.insert(words.end(), {"--detector", "tiny_face_detector"});
  Outcome outcome = run(folder, words);
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_NE(outcome.err.find("there is no finder"), std::string::npos) << outcome.err;
  words = train;
  words.insert(words.end(), {"--finder", folder / "nowhere"});
  outcome = run(folder, words);
  EXPECT_EQ(outcome.code, 4) << outcome.err;
}

TEST(Predict, TakesAFolderOfPicturesForPairsAlone) {
  const Folder folder;
  write_class_folders(folder / "data", 2, 8);
  ASSERT_EQ(run(folder, {"train", folder / "data", "--size", "32", "--output", folder / "model", "--quiet"}).code, 0);
  const Outcome outcome =
      run(folder, {"predict", folder / "model", folder / "data/a/0.bmp", "--images", folder / "data"});
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_NE(outcome.err.find("compares no pairs"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace enxerto::test
