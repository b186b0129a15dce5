#include "enxerto/base/stored_rows.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// Every exponent, both signs, halfway cases; 1003 values, so that no loop's end is left out.
std::vector<float> values(float largest) {
  std::vector<float> list{0.0F,           -0.0F,          1.0F,    1.0F + 0x1p-11F, 1.0F + 0x3p-11F,
                          1.0F + 0x1p-8F, 1.0F + 0x3p-8F, 0x1p-24F};
  for (std::uint32_t i = 0; list.size() < 1003; ++i) {
    const auto value = std::bit_cast<float>(i * 2654435761U);
    if (std::fabs(value) <= largest) list.push_back(value);
  }
  return list;
}

StoredRows one_row(const std::vector<std::byte>& bytes, DType dtype) {
  const auto width = static_cast<std::int64_t>(bytes.size() / size_of(dtype));
  StoredRows rows({.values = {{.name = "x", .dtype = DType::f32, .shape = {width}}}}, dtype);
  rows.add(bytes);
  return rows;
}

std::vector<float> there_and_back(const std::vector<float>& list, DType dtype) {
  std::vector<std::byte> bytes(list.size() * size_of(dtype));
  to_stored(list, dtype, bytes);
  std::vector<float> back(list.size());
  one_row(bytes, dtype).copy(0, back);
  return back;
}

TEST(StoredRows, RoundEveryValueAsTheSingleConversionsDo) {
  const std::vector<float> list = values(3e38F), small = values(65504.0F);
  const std::vector<float> brain = there_and_back(list, DType::bf16), half = there_and_back(small, DType::f16);
  for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(brain[i], to_float(to_bfloat16(list[i]))) << list[i];
  for (std::size_t i = 0; i < small.size(); ++i) EXPECT_EQ(half[i], to_float(to_half(small[i]))) << small[i];
  EXPECT_EQ(there_and_back(list, DType::f32), list);
}

TEST(StoredRows, KeepWhatIsNotANumberAndInfinity) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> list{std::nanf(""), infinity, -infinity, 1, 2, 3, 4, 5, std::nanf("")};
  for (const DType dtype : {DType::f32, DType::f16, DType::bf16}) {
    const std::vector<float> back = there_and_back(list, dtype);
    EXPECT_TRUE(std::isnan(back[0]) && std::isnan(back[8]));
    EXPECT_EQ(back[1], infinity);
    EXPECT_EQ(back[2], -infinity);
    EXPECT_EQ(back[7], 5);
  }
}

TEST(StoredRows, RefuseAFloat16BeyondItsRange) {
  EXPECT_EQ(there_and_back({65519.0F}, DType::f16)[0], 65504.0F);
  EXPECT_THROW(there_and_back({0, 65520.0F}, DType::f16), Error);
  EXPECT_THROW(there_and_back({-1e9F}, DType::f16), Error);
  EXPECT_EQ(there_and_back({65536.0F}, DType::bf16)[0], 65536.0F);
}

TEST(StoredRows, RefuseOtherTypes) {
  std::vector<std::byte> bytes(8);
  const std::vector<float> one{1};
  EXPECT_THROW(to_stored(one, DType::f64, bytes), Error);
  EXPECT_THROW(to_stored(one, DType::f16, bytes), Error);
}

}  // namespace
}  // namespace enxerto
