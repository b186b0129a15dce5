#include <gtest/gtest.h>

#include <string_view>
#include <vector>

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
  void SetUp() override {
    Bundle bundle = color_bundle();
    bundle.networks.emplace("finder", testing::color_graph());  // so that it has every file
    write_bundle(bundle, model_, false);
  }

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

std::vector<std::string_view> files_of(bundle_layout::Role role) {
  std::vector<std::string_view> names;
  for (const bundle_layout::File& file : bundle_layout::files_of(bundle_layout::kSchema))
    if (file.role == role) names.push_back(file.name);
  return names;
}

TEST_F(DamagedBundle, OneFlippedBitOfWhatComputesNamesItsFile) {
  for (const std::string_view name : files_of(bundle_layout::Role::computes)) {
    const fs::path path = model_ / name;
    const std::string right = slurp(path);
    std::string wrong = right;
    wrong[wrong.size() / 2] = static_cast<char>(wrong[wrong.size() / 2] ^ 1);
    spill(path, wrong);
    EXPECT_NE(refusal().find(path.string()), std::string::npos) << name;
    spill(path, right);
  }
  EXPECT_EQ(refusal(), "");
}

TEST_F(DamagedBundle, AMissingFileThatComputesIsNamed) {
  for (const std::string_view name : files_of(bundle_layout::Role::computes)) {
    const std::string right = slurp(model_ / name);
    fs::remove(model_ / name);
    const std::string said = refusal();
    EXPECT_NE(said.find((model_ / name).string()), std::string::npos);
    EXPECT_NE(said.find("missing"), std::string::npos);
    spill(model_ / name, right);
  }
}

TEST_F(DamagedBundle, WhatIsForPeopleMayBeEditedOrRemoved) {
  for (const std::string_view name : files_of(bundle_layout::Role::tells)) spill(model_ / name, "my own words {\n");
  const Bundle edited = read_bundle(model_);
  EXPECT_EQ(edited.readme, "my own words {\n");
  EXPECT_EQ(edited.history, Json::object());
  for (const std::string_view name : files_of(bundle_layout::Role::tells)) fs::remove(model_ / name);
  const Bundle bare = read_bundle(model_);
  EXPECT_EQ(bare.readme + bare.report_html + bare.recipe, "");
  EXPECT_EQ(bare.labels, color_bundle().labels);
}

TEST_F(DamagedBundle, WhatIsComparedWithIsEmptyWhereItChanged) {
  ASSERT_FALSE(read_bundle(model_).golden.empty());
  ASSERT_TRUE(read_bundle(model_).learned_from.has_value());
  for (const std::string_view name : files_of(bundle_layout::Role::proves)) spill(model_ / name, "not safetensors");
  const Bundle bundle = read_bundle(model_);
  EXPECT_TRUE(bundle.golden.empty());
  EXPECT_FALSE(bundle.learned_from.has_value());
}

TEST_F(DamagedBundle, ALongerOrShorterFileIsNamed) {
  const std::string right = slurp(model_ / "task.json");
  spill(model_ / "task.json", right + "\n");
  EXPECT_NE(refusal().find("task.json"), std::string::npos);
  spill(model_ / "task.json", "");
  EXPECT_NE(refusal().find("task.json"), std::string::npos);
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
  newer["schema_version"] = 4;
  EXPECT_NE(refusal_of_manifest(newer).find("schema version 4"), std::string::npos);
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

/// Replaces a file and its row in the manifest: what only its content can be refused for.
void rewrite(const fs::path& model, const std::string& name, const std::string& content) {
  spill(model / name, content);
  Json manifest = parse_json(slurp(model / "MANIFEST.json"), "manifest");
  const ManifestEntry entry = describe_file(model, name);
  for (Json& row : manifest["files"]) {
    if (row["name"] == name) row["size"] = entry.size, row["sha256"] = entry.sha256;
  }
  spill(model / "MANIFEST.json", manifest.dump());
}

TEST_F(DamagedBundle, AnyRecordOfThePreprocessingThatIsWrongIsNamed) {
  const fs::path file = model_ / "preprocess.json";
  const Json right = parse_json(slurp(file), "preprocess.json");
  Json without = right, wrong_size = right, unknown = right, other = right;
  without.erase("mean");
  wrong_size["size"] = -3;
  unknown["colour"] = 1;
  other["kind"] = "smell";
  for (const std::string& content :
       {std::string("{"), std::string("[]"), std::string("7"), std::string("{}"), std::string("null"), without.dump(),
        wrong_size.dump(), unknown.dump(), other.dump()}) {
    rewrite(model_, "preprocess.json", content);
    EXPECT_NE(refusal().find(file.string()), std::string::npos) << content;
  }
  EXPECT_NE(refusal().find("smell"), std::string::npos);
  rewrite(model_, "preprocess.json", right.dump());
  EXPECT_EQ(refusal(), "");
}

TEST_F(DamagedBundle, AnyRecordOfTheTaskThatIsWrongIsNamed) {
  const fs::path file = model_ / "task.json";
  for (const char* content :
       {"{", "[]", "7", "null", "{}", R"({"kind": "classification"})", R"({"names": ["r", "g", "b"]})",
        R"({"kind": "classification", "names": "red"})", R"({"kind": "classification", "names": ["r", 7, "b"]})",
        R"({"kind": null, "names": ["r", "g", "b"]})", R"({"kind": [], "names": ["r", "g", "b"]})"}) {
    rewrite(model_, "task.json", content);
    EXPECT_NE(refusal().find(file.string()), std::string::npos) << content;
  }
  rewrite(model_, "task.json", R"({"kind": "", "names": ["r", "g", "b"]})");
  EXPECT_NE(refusal().find("the task is missing"), std::string::npos);
  rewrite(model_, "task.json", R"({"kind": "classification", "names": ["r", "g"]})");
  EXPECT_NE(refusal().find(model_.string()), std::string::npos) << "fewer names than the network has outputs";
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
