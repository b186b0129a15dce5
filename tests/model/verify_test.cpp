#include "enxerto/model/verify.h"

#include <gtest/gtest.h>

#include <limits>

#include "enxerto/base/error.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

using testing::color_bundle;
using testing::slurp;
using testing::spill;
using testing::TemporaryDirectory;

const VerifyCheck* find(const VerifyReport& report, std::string_view name) {
  for (const VerifyCheck& check : report.checks) {
    if (check.name == name) return &check;
  }
  return nullptr;
}

class Verify : public ::testing::Test {
 protected:
  VerifyReport of(const Bundle& bundle) {
    write_bundle(bundle, path_, true);
    return verify(path_, 1);
  }

  TemporaryDirectory place_;
  std::filesystem::path path_ = place_.path() / "model";
};

TEST_F(Verify, PassesAModelAsItWasSaved) {
  write_bundle(color_bundle(), path_, false);
  const VerifyReport report = verify(path_);
  EXPECT_TRUE(report.ok());
  for (const char* name : {"MANIFEST.json", "model.safetensors", "task.json", "learned_from.safetensors", "contents",
                           "parameters", "golden outputs"}) {
    ASSERT_NE(find(report, name), nullptr) << name;
    EXPECT_TRUE(find(report, name)->ok) << find(report, name)->detail;
    EXPECT_FALSE(find(report, name)->detail.empty());
  }
}

void flip_first(const std::filesystem::path& file) {
  std::string text = slurp(file);
  text[0] = static_cast<char>(text[0] ^ 4);
  spill(file, text);
}

TEST_F(Verify, NamesEachDamagedFile) {
  write_bundle(color_bundle(), path_, false);
  flip_first(path_ / "preprocess.json");
  flip_first(path_ / "learned_from.safetensors");
  std::filesystem::remove(path_ / "golden.safetensors");
  const VerifyReport report = verify(path_);
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(find(report, "preprocess.json")->ok);
  EXPECT_FALSE(find(report, "learned_from.safetensors")->ok);
  EXPECT_FALSE(find(report, "golden.safetensors")->ok);
  EXPECT_TRUE(find(report, "model.safetensors")->ok);
}

TEST_F(Verify, NamesAnEditedModelCardAndGoesOn) {
  write_bundle(color_bundle(), path_, false);
  flip_first(path_ / "README.md");
  std::filesystem::remove(path_ / "report.html");
  const VerifyReport report = verify(path_);
  EXPECT_TRUE(report.ok());
  EXPECT_TRUE(find(report, "README.md")->changed);
  EXPECT_TRUE(find(report, "report.html")->changed);
  EXPECT_FALSE(find(report, "model.safetensors")->changed);
  EXPECT_TRUE(find(report, "golden outputs")->ok);
}

TEST_F(Verify, FailsWhereTheGoldenOutputsAreNotMet) {
  write_bundle(color_bundle(), path_, false);
  Bundle bundle = color_bundle();
  bundle.golden.set("output/probabilities",
                    Tensor::of<float>({2, 3}, {0.3333F, 0.3333F, 0.3334F, 0.334F, 0.333F, 0.333F}));
  const VerifyReport report = of(bundle);
  ASSERT_NE(find(report, "golden outputs"), nullptr);
  EXPECT_FALSE(find(report, "golden outputs")->ok);
  EXPECT_TRUE(find(report, "parameters")->ok);
}

TEST_F(Verify, FailsWhereAParameterIsNotFinite) {
  write_bundle(color_bundle(), path_, false);
  Bundle bundle = color_bundle();
  bundle.graph.parameters.set("head.bias", Tensor::of<float>({3}, {0, std::numeric_limits<float>::infinity(), 0}));
  const VerifyReport report = of(bundle);
  EXPECT_FALSE(find(report, "parameters")->ok);
  EXPECT_NE(find(report, "parameters")->detail.find("head.bias"), std::string::npos);
  EXPECT_FALSE(find(report, "golden outputs")->ok);
}

TEST_F(Verify, ListsFilesThatAreNoPartOfTheModel) {
  write_bundle(color_bundle(), path_, false);
  spill(path_ / "notes.txt", "mine");
  const VerifyReport report = verify(path_);
  EXPECT_TRUE(report.ok());
  EXPECT_NE(find(report, "other files")->detail.find("notes.txt"), std::string::npos);
}

TEST_F(Verify, ReportsADamagedManifest) {
  write_bundle(color_bundle(), path_, false);
  spill(path_ / "MANIFEST.json", "{");
  const VerifyReport report = verify(path_);
  ASSERT_EQ(report.checks.size(), 1U);
  EXPECT_FALSE(report.ok());
}

TEST_F(Verify, ThrowsWhereThereIsNoModel) {
  try {
    verify(place_.path() / "nothing");
    FAIL() << "verified nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
  }
}

}  // namespace
}  // namespace enxerto
