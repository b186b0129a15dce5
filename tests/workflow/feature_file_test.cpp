#include "enxerto/workflow/feature_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <span>
#include <vector>

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
    for (const auto& row : values_) rows_.add(std::as_bytes(std::span(row)));
  }
  ~FeatureFile() override { fs::remove_all(folder_); }

  FeatureTable table() const {
    return {.rows = &rows_,
            .classes = {"cat", "dog, big"},
            .name = [](std::size_t row) { return row == 0 ? std::string("a.jpg") : std::string("b \"2\".jpg"); },
            .label = [](std::size_t row) { return static_cast<std::int64_t>(row); }};
  }

  std::array<std::array<float, 3>, 2> values_{{{1, 2, 3}, {4, 5, 0.1F}}};
  StoredRows rows_{{.values = {{.name = "pooled", .dtype = DType::f32, .shape = {3}}}}};
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

TEST_F(FeatureFile, SafetensorsHoldsSeveralValuesOfVaryingLength) {
  const RowLayout layout{.values = {{.name = "mask", .dtype = DType::u8, .shape = {-1}},
                                    {.name = "hidden", .dtype = DType::f32, .shape = {-1, 2}},
                                    {.name = "pooled", .dtype = DType::f32, .shape = {1}}}};
  StoredRows rows(layout);
  std::vector<std::vector<std::byte>> records;
  for (const std::int64_t length : {1, 2}) {
    const auto count = static_cast<std::size_t>(length);
    const std::vector<Tensor> values{
        Tensor::of<std::uint8_t>({length}, std::vector<std::uint8_t>(count, 1)),
        Tensor::of<float>({length, 2}, std::vector<float>(2 * count, static_cast<float>(length))),
        Tensor::of<float>({1}, {7})};
    records.emplace_back(record_bytes(layout, DType::f32, values));
    write_record(layout, DType::f32, values, records.back());
  }
  for (const auto& record : records) rows.add(record);
  FeatureTable varying = table();
  varying.rows = &rows;
  write_features(folder_ / "f.safetensors", varying);
  const StateDict read = read_safetensors(folder_ / "f.safetensors");
  EXPECT_TRUE(identical(read.at("mask"), Tensor::of<std::uint8_t>({3}, {1, 1, 1})));
  EXPECT_TRUE(identical(read.at("hidden"), Tensor::of<float>({6}, {1, 1, 2, 2, 2, 2})));
  EXPECT_TRUE(identical(read.at("hidden.shapes"), Tensor::of<std::int64_t>({2, 2}, {1, 2, 2, 2})));
  EXPECT_TRUE(identical(read.at("hidden.offsets"), Tensor::of<std::int64_t>({3}, {0, 2, 6})));
  EXPECT_TRUE(identical(read.at("pooled"), Tensor::of<float>({2, 1}, {7, 7})));
  for (const char* other : {"f.csv", "f.npy"}) {
    try {
      check_feature_file(folder_ / other, layout);
      FAIL() << other;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("a .safetensors file"), std::string::npos);
    }
  }
}

TEST_F(FeatureFile, CsvQuotesWhatNeedsQuotesAndKeepsEveryDigit) {
  write_features(folder_ / "f.csv", table());
  EXPECT_EQ(read_text(folder_ / "f.csv", 1000),
            "name,label,f0,f1,f2\na.jpg,cat,1,2,3\n\"b \"\"2\"\".jpg\",\"dog, big\",4,5,0.1\n");
}

TEST_F(FeatureFile, HasTheNumbersOrLabelsOfATableInPlaceOfAClass) {
  FeatureTable numbers = table();
  const std::vector<std::vector<float>> targets{{1.5F, 0}, {-2, 1}};
  numbers.classes.clear();
  numbers.targets = {"price, net", "sold"};
  numbers.target = [&](std::size_t row) { return std::span<const float>(targets[row]); };
  write_features(folder_ / "f.csv", numbers);
  EXPECT_EQ(read_text(folder_ / "f.csv", 1000),
            "name,\"price, net\",sold,f0,f1,f2\na.jpg,1.5,0,1,2,3\n\"b \"\"2\"\".jpg\",-2,1,4,5,0.1\n");
  write_features(folder_ / "n.npy", numbers);
  EXPECT_EQ(read_text(folder_ / "n.csv", 1000), "name,\"price, net\",sold\na.jpg,1.5,0\n\"b \"\"2\"\".jpg\",-2,1\n");
  write_features(folder_ / "f.safetensors", numbers);
  Metadata metadata;
  const StateDict read = read_safetensors(folder_ / "f.safetensors", &metadata);
  EXPECT_TRUE(identical(read.at("targets"), Tensor::of<float>({2, 2}, {1.5F, 0, -2, 1})));
  EXPECT_FALSE(read.contains("labels"));
  EXPECT_EQ(metadata.at("targets"), R"(["price, net","sold"])");
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

TEST_F(FeatureFile, ReplacesNothingUnasked) {
  const auto folder = std::filesystem::temp_directory_path() / "enxerto-feature-file-test";
  std::filesystem::create_directories(folder);
  const auto table = folder / "t.csv", npy = folder / "t.npy";
  std::ofstream(table) << "image,label\n";
  EXPECT_THROW(require_free_feature_file(table, "elsewhere", false), Error);
  EXPECT_THROW(require_free_feature_file(npy, "elsewhere", false), Error) << "its names would be written to t.csv";
  EXPECT_NO_THROW(require_free_feature_file(npy, "elsewhere", true));
  EXPECT_THROW(require_free_feature_file(npy, table, true), Error) << "what is read is never replaced";
  EXPECT_NO_THROW(require_free_feature_file(folder / "u.safetensors", table, false));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace enxerto
