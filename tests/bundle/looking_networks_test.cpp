#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/media/image/face_preprocessor.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

Bundle bundle_that_looks() {
  Bundle bundle = testing::color_bundle();
  bundle.preprocessor = face_preprocessor(
      {.size = 8}, *face_fit_named("five_points"),
      FaceFinderSettings{.detector = "tiny_face_detector", .least_score = 0.25, .networks = "made up"});
  bundle.networks.emplace("detector", testing::color_graph());
  bundle.networks.emplace("landmarks", testing::color_graph());
  return bundle;
}

TEST(BundleNetworks, AreSavedBesideTheWholeOne) {
  const testing::TemporaryDirectory folder;
  const std::filesystem::path path = folder.path() / "model";
  write_bundle(bundle_that_looks(), path, false);
  const Bundle read = read_bundle(path);
  ASSERT_EQ(read.networks.size(), 2U);
  const Graph& detector = read.networks.at("detector");
  EXPECT_EQ(detector.nodes.size(), testing::color_graph().nodes.size());
  EXPECT_EQ(detector.parameters.at("head.weight").shape(), (Shape{3, 3}));
  EXPECT_EQ(read.preprocessor->record()["finder"]["least_score"], 0.25);
  write_bundle(read, folder.path() / "again", false);
  EXPECT_EQ(read_bundle(folder.path() / "again").networks.size(), 2U);
}

TEST(BundleNetworks, AreNoFilesWhereThereAreNone) {
  const testing::TemporaryDirectory folder;
  write_bundle(testing::color_bundle(), folder.path() / "model", false);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "model/networks.json"));
  EXPECT_TRUE(read_bundle(folder.path() / "model").networks.empty());
}

TEST(BundleNetworks, ThatThePreprocessingNeedsMayNotBeMissing) {
  const testing::TemporaryDirectory folder;
  Bundle bundle = bundle_that_looks();
  bundle.networks.erase("landmarks");
  try {
    write_bundle(bundle, folder.path() / "model", false);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("network 'landmarks' is missing"), std::string::npos) << error.what();
  }
}

TEST(BundleNetworks, ThatHaveChangedAreNotUsed) {
  const testing::TemporaryDirectory folder;
  const std::filesystem::path path = folder.path() / "model";
  write_bundle(bundle_that_looks(), path, false);
  std::string bytes = testing::slurp(path / "networks.safetensors");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  testing::spill(path / "networks.safetensors", bytes);
  EXPECT_THROW((void)read_bundle(path), Error);
}

}  // namespace
}  // namespace enxerto
