#include <gtest/gtest.h>

#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;
using testing::color_bundle;
using testing::slurp;
using testing::spill;
using testing::TemporaryDirectory;

class DamagedBundle : public ::testing::Test {
 protected:
  void SetUp() override { write_bundle(color_bundle(), model_, false); }

  /// What `read_bundle` says, which must be an Error{weights}.
  std::string refusal() const {
    try {
      read_bundle(model_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      return error.what();
    }
    return "";
  }

  std::string refusal_of_manifest(const Json& manifest) const {
    spill(model_ / "MANIFEST.json", manifest.dump());
    return refusal();
  }

  TemporaryDirectory place_;
  fs::path model_ = place_.path() / "model";
};

TEST_F(DamagedBundle, OneFlippedBitNamesItsFile) {
  for (const bundle_layout::File& file : bundle_layout::kFiles) {
    const fs::path path = model_ / file.name;
    const std::string right = slurp(path);
    std::string wrong = right;
    wrong[wrong.size() / 2] = static_cast<char>(wrong[wrong.size() / 2] ^ 1);
    spill(path, wrong);
    EXPECT_NE(refusal().find(path.string()), std::string::npos) << file.name;
    spill(path, right);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(DamagedBundle, AMissingFileIsNamed) {
  for (const bundle_layout::File& file : bundle_layout::kFiles) {
    const std::string right = slurp(model_ / file.name);
    fs::remove(model_ / file.name);
    const std::string said = refusal();
    EXPECT_NE(said.find((model_ / file.name).string()), std::string::npos);
    EXPECT_NE(said.find("missing"), std::string::npos);
    spill(model_ / file.name, right);
  }
}

TEST_F(DamagedBundle, ALongerOrShorterFileIsNamed) {
  const std::string right = slurp(model_ / "labels.json");
  spill(model_ / "labels.json", right + "\n");
  EXPECT_NE(refusal().find("labels.json"), std::string::npos);
  spill(model_ / "labels.json", "");
  EXPECT_NE(refusal().find("labels.json"), std::string::npos);
}

TEST_F(DamagedBundle, ATruncatedManifestIsRefusedAtEveryLength) {
  const std::string right = slurp(model_ / "MANIFEST.json");
  for (std::size_t length = 0; length + 2 < right.size(); length += 37) {
    spill(model_ / "MANIFEST.json", right.substr(0, length));
    EXPECT_NE(refusal().find("MANIFEST.json"), std::string::npos) << length;
  }
}

TEST_F(DamagedBundle, AManifestThatLeadsOutOfTheBundleIsRefused) {
  spill(place_.path() / "secret", "content");
  const Json right = parse_json(slurp(model_ / "MANIFEST.json"), "manifest");
  for (const char* name : {"../secret", "/etc/passwd", "..", "a/b", "", "notes.txt"}) {
    Json manifest = right;
    manifest["files"].push_back({{"name", name}, {"size", 7}, {"sha256", std::string(64, '0')}});
    EXPECT_NE(refusal_of_manifest(manifest).find("MANIFEST.json"), std::string::npos) << name;
  }
}

TEST_F(DamagedBundle, AManifestMustListEachFileOnce) {
  const Json right = parse_json(slurp(model_ / "MANIFEST.json"), "manifest");
  Json twice = right;
  twice["files"].push_back(twice["files"][0]);
  EXPECT_NE(refusal_of_manifest(twice).find("twice"), std::string::npos);
  Json without = right;
  without["files"].erase(0);
  EXPECT_NE(refusal_of_manifest(without).find("model.safetensors"), std::string::npos);
  Json newer = right;
  newer["schema_version"] = 3;
  EXPECT_NE(refusal_of_manifest(newer).find("schema version 3"), std::string::npos);
  Json hashless = right;
  hashless["files"][0]["sha256"] = "00";
  EXPECT_NE(refusal_of_manifest(hashless).find("sha256"), std::string::npos);
  Json sizeless = right;
  sizeless["files"][0]["size"] = -1;
  EXPECT_NE(refusal_of_manifest(sizeless).find("size"), std::string::npos);
}

TEST_F(DamagedBundle, AnotherWordFormatIsNoModel) {
  EXPECT_NE(refusal_of_manifest({{"format", 3}}).find("MANIFEST.json"), std::string::npos);
  EXPECT_NE(refusal_of_manifest(Json::array()).find("MANIFEST.json"), std::string::npos);
}

/// Replaces labels.json and its row in the manifest.
void rewrite_labels(const fs::path& model, const Json& labels) {
  spill(model / "labels.json", labels.dump());
  Json manifest = parse_json(slurp(model / "MANIFEST.json"), "manifest");
  const ManifestEntry entry = describe_file(model, "labels.json");
  for (Json& row : manifest["files"]) {
    if (row["name"] == "labels.json") row["size"] = entry.size, row["sha256"] = entry.sha256;
  }
  spill(model / "MANIFEST.json", manifest.dump());
}

TEST_F(DamagedBundle, AModelWithoutATaskIsOfClasses) {
  rewrite_labels(model_, {{"schema_version", 1}, {"labels", {"red", "green", "blue"}}});
  EXPECT_EQ(read_bundle(model_).task, "classification");
  rewrite_labels(model_, {{"schema_version", 3}, {"task", "image_classification"}, {"labels", {"r", "g", "b"}}});
  EXPECT_NE(refusal().find("schema version"), std::string::npos);
  rewrite_labels(model_, {{"schema_version", 2}, {"task", 7}, {"labels", {"r", "g", "b"}}});
  EXPECT_NE(refusal().find("'task'"), std::string::npos);
  rewrite_labels(model_, {{"schema_version", 2}, {"task", ""}, {"labels", {"r", "g", "b"}}});
  EXPECT_NE(refusal().find("the task is missing"), std::string::npos);
}

TEST_F(DamagedBundle, AFileThatNobodyListedIsPassedOverAndCanBeNamed) {
  spill(model_ / ".DS_Store", "x");
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(unlisted_files(model_, read_manifest(model_)), std::vector<std::string>{".DS_Store"});
}

TEST_F(DamagedBundle, APathThatIsNoModelSaysSo) {
  model_ = place_.path() / "nothing";
  EXPECT_NE(refusal().find("no such model"), std::string::npos);
  model_ = place_.path();
  EXPECT_NE(refusal().find("not a model"), std::string::npos);
  spill(place_.path() / "file", "text");
  model_ = place_.path() / "file";
  EXPECT_NE(refusal(), "");
}

}  // namespace
}  // namespace enxerto
