#include "enxerto/base/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace enxerto {
namespace {

TEST(DType, IsFoundByTheNameItHas) {
  for (int i = 0; i <= static_cast<int>(DType::boolean); ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(dtype_named(name_of(dtype)), dtype);
  }
  EXPECT_EQ(dtype_named("complex64"), std::nullopt);
}

TEST(Half, SurvivesTheWayToFloatAndBackForEveryBitPattern) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const Half half{static_cast<std::uint16_t>(bits)};
    const float value = to_float(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(to_half(value))));
    } else {
      EXPECT_EQ(to_half(value).bits, half.bits) << bits;
    }
  }
}

TEST(Half, RoundsToNearestEvenAndOverflowsToInfinity) {
  EXPECT_EQ(to_float(to_half(2049.0F)), 2048.0F);
  EXPECT_EQ(to_float(to_half(2051.0F)), 2052.0F);
  EXPECT_TRUE(std::isinf(to_float(to_half(65520.0F))));
  EXPECT_EQ(to_float(to_half(65519.0F)), 65504.0F);
  EXPECT_EQ(to_float(to_half(5.9604645e-8F)), 5.9604645e-8F);
}

TEST(BFloat16, SurvivesTheWayToFloatAndBackAndKeepsNan) {
  for (std::uint32_t bits = 0; bits < 0x10000; bits += 7) {
    const BFloat16 value{static_cast<std::uint16_t>(bits)};
    if (!std::isnan(to_float(value))) {
      EXPECT_EQ(to_bfloat16(to_float(value)).bits, value.bits);
    }
  }
  EXPECT_TRUE(std::isnan(to_float(to_bfloat16(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_EQ(to_float(to_bfloat16(1.00390625F)), 1.0F);
}

}  // namespace
}  // namespace enxerto
