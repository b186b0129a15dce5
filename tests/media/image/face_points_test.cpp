#include "enxerto/media/image/face_points.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/square_view.h"

namespace enxerto {
namespace {

/// Eyes about (30, 40) and (70, 40), the nose at (50, 60), the mouth about (50, 80).
Tensor points_of_a_face() {
  std::vector<double> points(136, 0);
  const auto put = [&](std::size_t i, double x, double y) { points[2 * i] = x, points[2 * i + 1] = y; };
  for (std::size_t i = 0; i < 6; ++i) {
    put(36 + i, 30 + static_cast<double>(i) - 2.5, 40);
    put(42 + i, 70, 40 + static_cast<double>(i) - 2.5);
  }
  put(30, 50, 60);
  for (std::size_t i = 48; i < 68; ++i) put(i, 50, 80);
  put(48, 35, 80);
  put(54, 65, 80);
  return Tensor::of<double>({68, 2}, std::span<const double>(points));
}

std::vector<double> as_numbers(const Tensor& tensor) {
  const auto numbers = tensor.as<double>();
  return {numbers.begin(), numbers.end()};
}

TEST(FacePoints, AreFiveOfSixtyEight) {
  const FivePoints five = five_points_of(points_of_a_face());
  EXPECT_EQ(five, (FivePoints{{{30, 40}, {70, 40}, {50, 60}, {35, 80}, {65, 80}}}));
  const Tensor given = Tensor::of<double>({5, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  EXPECT_EQ(five_points_of(given)[4], (std::array<double, 2>{9, 10}));
}

TEST(FacePoints, GiveTheSquareThatFaceApiCutsOut) {
  // Both eyes are sqrt(2000) px from the mouth: 44.72 / 0.45 = 99.4; the middle is (50, 53.3).
  EXPECT_EQ(eyes_and_mouth_box(points_of_a_face(), 200, 200),
            (PictureArea{.left = 0, .top = 10, .width = 99, .height = 99}));
  EXPECT_EQ(eyes_and_mouth_box(points_of_a_face(), 90, 60),
            (PictureArea{.left = 0, .top = 10, .width = 90, .height = 50}));
  EXPECT_LT(eyes_and_mouth_box(points_of_a_face(), 200, 5).height, 1);
}

TEST(FacePoints, GiveANarrowerBoxAtTheBorderAsFaceApiDoes) {
  std::vector<double> points = as_numbers(points_of_a_face());
  points.insert(points.end(), {80, 85});  // of the detected box
  const Tensor marks = Tensor::of<double>({69, 2}, std::span<const double>(points));
  EXPECT_EQ(eyes_and_mouth_box(marks, 200, 200), (PictureArea{.left = 0, .top = 10, .width = 80, .height = 95}));
}

TEST(FacePoints, OfAnotherNumberAreNone) {
  EXPECT_TRUE(are_face_points(points_of_a_face()));
  EXPECT_FALSE(are_face_points(Tensor()));
  EXPECT_FALSE(are_face_points(Tensor::of<double>({2, 2}, {1, 2, 3, 4})));
}

/// Grey pixels.
Image grey(int width, int height, const std::vector<std::uint8_t>& values) {
  Image image{.width = width, .height = height, .pixels = {}};
  for (const std::uint8_t value : values) image.pixels.insert(image.pixels.end(), 3, value);
  return image;
}

std::vector<float> squared(const Image& image, const PictureArea& box, SquarePlace place, int size) {
  std::vector<float> out(3 * static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  square_into(image, box, place, {.size = size, .divisor = 1, .mean = {0, 0, 0}, .deviation = {1, 1, 1}}, out);
  out.resize(out.size() / 3);
  return out;
}

TEST(SquareView, IsResizedFromTheUpperLeftOfPixels) {
  const Image image = grey(2, 2, {0, 100, 40, 200});
  EXPECT_EQ(squared(image, {.width = 2, .height = 2}, SquarePlace::first, 4),
            (std::vector<float>{0, 50, 100, 100, 20, 85, 150, 150, 40, 120, 200, 200, 40, 120, 200, 200}));
}

TEST(SquareView, HasBlackBesideWhatIsLonger) {
  const Image image = grey(4, 1, {10, 20, 30, 40});
  EXPECT_EQ(squared(image, {.width = 4, .height = 1}, SquarePlace::first, 4)[0], 10);
  const std::vector<float> middle = squared(image, {.left = 1, .width = 3, .height = 1}, SquarePlace::centered, 3);
  EXPECT_EQ(middle, (std::vector<float>{0, 0, 0, 20, 30, 40, 0, 0, 0}));
  const std::vector<float> uneven = squared(image, {.width = 4, .height = 1}, SquarePlace::centered, 4);
  EXPECT_EQ(uneven[4], 10) << "one row of black above, two below";
}

TEST(SquareView, OfWhatIsOutsideIsRefused) {
  const Image image = grey(2, 2, {0, 100, 40, 200});
  EXPECT_THROW(squared(image, {.left = 1, .width = 2, .height = 2}, SquarePlace::first, 4), Error);
  EXPECT_THROW(squared(image, {.width = 0, .height = 2}, SquarePlace::first, 4), Error);
}

}  // namespace
}  // namespace enxerto
