#include "enxerto/base/tensor.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

TEST(Tensor, SharesItsBytesWhenCopiedReshapedOrSliced) {
  const Tensor whole = Tensor::of<float>({2, 3}, {0, 1, 2, 3, 4, 5});
  const Tensor copy = whole;
  EXPECT_EQ(copy.data(), whole.data());
  EXPECT_EQ(whole.reshaped({6}).data(), whole.data());
  EXPECT_EQ(whole.rows(1, 2).as<float>()[0], 3.0F);
  EXPECT_EQ(whole.rows(1, 2).data(), whole.data() + 3 * sizeof(float));
}

TEST(Tensor, RefusesToBeReadAsAnotherType) {
  EXPECT_THROW((void)Tensor::of<float>({1}, {1}).as<std::int64_t>(), Error);
}

TEST(Tensor, RefusesValuesThatDoNotFillItsShape) { EXPECT_THROW(Tensor::of<float>({2}, {1}), Error); }

TEST(Tensor, RefusesRowsOutOfRange) {
  const Tensor whole = Tensor::of<float>({2}, {0, 1});
  EXPECT_THROW((void)whole.rows(1, 3), Error);
  EXPECT_THROW((void)whole.rows(2, 1), Error);
  EXPECT_EQ(whole.rows(2, 2).size(), 0U);
}

TEST(Tensor, ConvertsIntegersAndHalvesToFloat) {
  EXPECT_EQ(Tensor::of<std::int64_t>({2}, {-3, 7}).to_float32().as<float>()[0], -3.0F);
  EXPECT_EQ(Tensor::of<Half>({1}, {to_half(1.5F)}).to_float32().as<float>()[0], 1.5F);
}

TEST(Shape, RefusesSizesWhoseProductOverflows) {
  EXPECT_THROW((void)element_count({1LL << 40, 1LL << 40}), Error);
  EXPECT_THROW((void)element_count({-1}), Error);
}

TEST(TensorBuffer, IsAlignedForVectors) {
  TensorBuffer buffer(DType::f32, {3});
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
}

}  // namespace
}  // namespace enxerto
