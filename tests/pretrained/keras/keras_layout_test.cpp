#include "enxerto/pretrained/keras/keras_layout.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace enxerto {
namespace {

/// 0, 1, 2 ..
Tensor counted(const Shape& shape) {
  std::vector<float> values(element_count(shape));
  std::iota(values.begin(), values.end(), 0.0F);
  return Tensor::of<float>(shape, std::span<const float>(values));
}

WeightedKerasLayer layer(KerasKind kind, const Shape& map = {}) {
  return {.kind = kind, .ours = "layer", .node = 0, .map = map};
}

float at(const Tensor& tensor, const Shape& position) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < position.size(); ++axis) offset = offset * tensor.shape()[axis] + position[axis];
  return tensor.as<float>()[static_cast<std::size_t>(offset)];
}

TEST(KerasLayout, TurnsConvolutionsAround) {
  const Tensor theirs = counted({3, 2, 5, 40});  // h, w, in, out
  const Tensor ours = kernel_from_keras(theirs, layer(KerasKind::convolution));
  ASSERT_EQ(ours.shape(), (Shape{40, 5, 3, 2}));
  for (const Shape& p : {Shape{0, 0, 0, 0}, Shape{39, 4, 2, 1}, Shape{33, 2, 1, 0}, Shape{7, 0, 2, 1}})
    EXPECT_EQ(at(ours, p), at(theirs, {p[2], p[3], p[1], p[0]}));
}

TEST(KerasLayout, TurnsDepthwiseConvolutionsAround) {
  const Tensor theirs = counted({3, 3, 4, 2});  // h, w, channels, kernels a channel
  const Tensor ours = kernel_from_keras(theirs, layer(KerasKind::depthwise));
  ASSERT_EQ(ours.shape(), (Shape{8, 1, 3, 3}));
  for (const Shape& p : {Shape{0, 0, 0, 0}, Shape{7, 0, 2, 2}, Shape{3, 0, 1, 2}})
    EXPECT_EQ(at(ours, p), at(theirs, {p[2], p[3], p[0] / 2, p[0] % 2}));
}

TEST(KerasLayout, TransposesDenseLayers) {
  const Tensor theirs = counted({70, 45});
  const Tensor ours = kernel_from_keras(theirs, layer(KerasKind::dense));
  ASSERT_EQ(ours.shape(), (Shape{45, 70}));
  for (const Shape& p : {Shape{0, 0}, Shape{44, 69}, Shape{31, 32}, Shape{32, 31}})
    EXPECT_EQ(at(ours, p), at(theirs, {p[1], p[0]}));
}

TEST(KerasLayout, ReordersTheRowsBehindAFlatten) {
  const Tensor theirs = counted({2 * 3 * 4, 5});  // rows in the order (H, W, C) of a map of 4 channels, 2 x 3
  const Tensor ours = kernel_from_keras(theirs, layer(KerasKind::dense, {4, 2, 3}));
  ASSERT_EQ(ours.shape(), (Shape{5, 24}));
  for (std::int64_t channel = 0; channel < 4; ++channel)
    for (std::int64_t y = 0; y < 2; ++y)
      for (std::int64_t x = 0; x < 3; ++x)
        EXPECT_EQ(at(ours, {4, (channel * 2 + y) * 3 + x}), at(theirs, {(y * 3 + x) * 4 + channel, 4}));
}

TEST(KerasLayout, ComesBackAsItWas) {
  const std::pair<Shape, WeightedKerasLayer> kernels[] = {
      {{7, 5, 3, 33}, layer(KerasKind::convolution)},
      {{3, 3, 65, 1}, layer(KerasKind::depthwise)},
      {{40, 37}, layer(KerasKind::dense)},
      {{4 * 2 * 3, 50}, layer(KerasKind::dense, {4, 2, 3})},
  };
  for (const auto& [shape, where] : kernels) {
    const Tensor theirs = counted(shape);
    EXPECT_TRUE(identical(kernel_to_keras(kernel_from_keras(theirs, where), where), theirs)) << to_string(shape);
  }
}

TEST(KerasLayout, TakesEveryType) {
  for (const DType dtype : {DType::u8, DType::f16, DType::f32, DType::f64}) {
    std::vector<std::byte> bytes(6 * size_of(dtype));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
    const Tensor ours = kernel_from_keras(Tensor::copied(dtype, {2, 3}, bytes), layer(KerasKind::dense));
    const std::size_t size = size_of(dtype);
    const auto second = ours.bytes().subspan(size, size);  // (0, 1), which was (1, 0)
    EXPECT_TRUE(std::equal(second.begin(), second.end(), bytes.begin() + static_cast<std::ptrdiff_t>(3 * size)));
  }
}

TEST(KerasLayout, LeavesWhatIsNoKernelOfTheLayerAsItIs) {
  for (const Shape& shape : {Shape{3}, Shape{2, 3, 4}, Shape{0, 4}, Shape{}}) {
    EXPECT_EQ(kernel_from_keras(counted(shape), layer(KerasKind::dense)).shape(), shape);
    EXPECT_EQ(kernel_shape_from_keras(shape, layer(KerasKind::convolution)), shape);
  }
}

}  // namespace
}  // namespace enxerto
