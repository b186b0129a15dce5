#include "enxerto/workflow/feature_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "enxerto/base/error.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

class FeatureFile : public ::testing::Test {
 protected:
  FeatureFile() {
    std::string pattern = (fs::temp_directory_path() / "enxerto-features-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    rows_.width = 3;
    for (const auto& row : values_) rows_.row.push_back(row.data());
  }
  ~FeatureFile() override { fs::remove_all(folder_); }

  FeatureTable table() const {
    return {.rows = &rows_,
            .row_shape = {3},
            .classes = {"cat", "dog, big"},
            .name = [](std::size_t row) { return row == 0 ? std::string("a.jpg") : std::string("b \"2\".jpg"); },
            .label = [](std::size_t row) { return static_cast<std::int64_t>(row); }};
  }

  std::array<std::array<float, 3>, 2> values_{{{1, 2, 3}, {4, 5, 0.1F}}};
  Rows rows_;
  fs::path folder_;
};

TEST_F(FeatureFile, SafetensorsHoldsRowsLabelsAndNames) {
  write_features(folder_ / "f.safetensors", table());
  Metadata metadata;
  const StateDict read = read_safetensors(folder_ / "f.safetensors", &metadata);
  EXPECT_EQ(read.at("features").shape(), (Shape{2, 3}));
  EXPECT_EQ(read.at("features").as<float>()[5], 0.1F);
  EXPECT_EQ(read.at("labels").as<std::int64_t>()[1], 1);
  EXPECT_EQ(metadata.at("names"), R"(["a.jpg","b \"2\".jpg"])");
}

TEST_F(FeatureFile, CsvQuotesWhatNeedsQuotesAndKeepsEveryDigit) {
  write_features(folder_ / "f.csv", table());
  EXPECT_EQ(read_text(folder_ / "f.csv", 1000),
            "name,label,f0,f1,f2\na.jpg,cat,1,2,3\n\"b \"\"2\"\".jpg\",\"dog, big\",4,5,0.1\n");
}

TEST_F(FeatureFile, NpyIsAHeaderOf64BytesAndTheRows) {
  write_features(folder_ / "f.npy", table());
  const std::string bytes = read_text(folder_ / "f.npy", 1000);
  EXPECT_EQ((bytes.size() - 24) % 64, 0U);
  EXPECT_NE(bytes.find("'shape': (2, 3,)"), std::string::npos);
  EXPECT_EQ(read_text(folder_ / "f.csv", 1000), "name,label\na.jpg,cat\n\"b \"\"2\"\".jpg\",\"dog, big\"\n");
}

TEST_F(FeatureFile, RefusesAnUnknownEndingAndNamesTheNearest) {
  try {
    check_feature_file("f.npz");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean '.npy'"), std::string::npos);
  }
}

}  // namespace
}  // namespace enxerto
