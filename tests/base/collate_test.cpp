#include "enxerto/base/collate.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/row_record.h"
#include "enxerto/base/stored_rows.h"

namespace enxerto {
namespace {

const RowLayout kLayout{.values = {{.name = "ids", .dtype = DType::i64, .shape = {-1}, .padding = 9},
                                   {.name = "mel", .dtype = DType::f32, .shape = {2, -1}},
                                   {.name = "pooled", .dtype = DType::f32, .shape = {2}}}};

class Collate : public ::testing::Test {
 protected:
  Collate() {
    add({1, 2, 3}, {2, 1}, {5, 6});
    add({4}, {2, 3}, {1, 2, 3, 4, 5, 6});
  }

  void add(const std::vector<std::int64_t>& ids, const Shape& shape, const std::vector<float>& mel) {
    const std::vector<Tensor> values{
        Tensor::of<std::int64_t>({static_cast<std::int64_t>(ids.size())}, std::span<const std::int64_t>(ids)),
        Tensor::of<float>(shape, std::span<const float>(mel)), Tensor::of<float>({2}, {0.5F, 1.5F})};
    std::vector<std::byte>& record = records_.emplace_back(record_bytes(kLayout, DType::bf16, values));
    write_record(kLayout, DType::bf16, values, record);
  }

  TensorMap batch(const PadOptions& options) const {
    std::vector<RowView> rows;
    for (const auto& record : records_) rows.emplace_back(kLayout, DType::bf16, record);
    return collate(rows, kLayout, options);
  }

  std::vector<std::vector<std::byte>> records_;
};

TEST_F(Collate, FillsUpToTheLongestWithEachValuesPadding) {
  const TensorMap values = batch({.buckets = PadOptions::Buckets::none});
  ASSERT_EQ(values.size(), 3U);
  EXPECT_TRUE(identical(values.at("ids"), Tensor::of<std::int64_t>({2, 3}, {1, 2, 3, 4, 9, 9})));
  EXPECT_TRUE(identical(values.at("mel"), Tensor::of<float>({2, 2, 3}, {5, 0, 0, 6, 0, 0, 1, 2, 3, 4, 5, 6})));
  EXPECT_TRUE(identical(values.at("pooled"), Tensor::of<float>({2, 2}, {0.5F, 1.5F, 0.5F, 1.5F})));
}

TEST_F(Collate, RoundsUpToABucket) {
  const TensorMap values = batch({.buckets = PadOptions::Buckets::multiples, .step = 4});
  EXPECT_EQ(values.at("ids").shape(), (Shape{2, 4}));
  EXPECT_EQ(values.at("mel").shape(), (Shape{2, 2, 4}));
  EXPECT_EQ(values.at("pooled").shape(), (Shape{2, 2}));
  EXPECT_EQ(values.at("mel").as<float>()[12], 4);
  EXPECT_EQ(values.at("mel").as<float>()[15], 0);
}

TEST(Padding, KnowsBucketsOfMultiplesAndOfPowers) {
  const PadOptions multiples{.buckets = PadOptions::Buckets::multiples, .step = 32};
  const PadOptions powers{.buckets = PadOptions::Buckets::powers, .step = 16};
  const PadOptions none{.buckets = PadOptions::Buckets::none};
  EXPECT_EQ(multiples.padded(1), 32);
  EXPECT_EQ(multiples.padded(64), 64);
  EXPECT_EQ(multiples.padded(65), 96);
  EXPECT_EQ(powers.padded(3), 16);
  EXPECT_EQ(powers.padded(17), 32);
  EXPECT_EQ(powers.padded(65), 128);
  const PadOptions eighths{.buckets = PadOptions::Buckets::eighths};
  EXPECT_EQ(eighths.padded(3), 8);
  EXPECT_EQ(eighths.padded(57), 64);
  EXPECT_EQ(eighths.padded(65), 80);
  EXPECT_EQ(eighths.padded(129), 160);
  EXPECT_EQ(eighths.padded(512), 512);
  EXPECT_EQ(none.padded(65), 65);
  EXPECT_EQ(none.padded(0), 1) << "engines have no empty dimension";
}

}  // namespace
}  // namespace enxerto
