#include "enxerto/media/image/face_points.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace enxerto {
namespace {

using FacePoint = std::array<double, 2>;

/// Of the 68: the eye on the left of the picture, the other, the mouth.
constexpr std::size_t kLeftEye = 36, kRightEye = 42, kMouth = 48, kPointsEnd = 68;
constexpr std::size_t kNoseTip = 30, kMouthLeft = 48, kMouthRight = 54;

FacePoint face_point(const Tensor& marks, std::size_t i) {
  return {marks.as<double>()[2 * i], marks.as<double>()[2 * i + 1]};
}

FacePoint middle_of(const Tensor& marks, std::size_t begin, std::size_t end) {
  FacePoint sum{};
  for (std::size_t i = begin; i < end; ++i) {
    sum[0] += face_point(marks, i)[0];
    sum[1] += face_point(marks, i)[1];
  }
  const auto count = static_cast<double>(end - begin);
  return {sum[0] / count, sum[1] / count};
}

double span_between(const FacePoint& a, const FacePoint& b) {
  const double x = a[0] - b[0], y = a[1] - b[1];
  return std::sqrt(x * x + y * y);
}

int whole_px(double value) {
  constexpr double kMost = std::numeric_limits<int>::max() / 4;
  return static_cast<int>(std::floor(std::clamp(value, -kMost, kMost)));
}

}  // namespace

bool are_face_points(const Tensor& marks) {
  const Shape& shape = marks.shape();
  return marks.dtype() == DType::f64 && shape.size() == 2 && shape[1] == 2 &&
         (shape[0] == kFivePoints || shape[0] == kAllPoints || shape[0] == kPointsAndBox);
}

FivePoints five_points_of(const Tensor& marks) {
  FivePoints points{};
  if (marks.shape().at(0) == kFivePoints) {
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = face_point(marks, i);
    return points;
  }
  return {middle_of(marks, kLeftEye, kRightEye), middle_of(marks, kRightEye, kMouth), face_point(marks, kNoseTip),
          face_point(marks, kMouthLeft), face_point(marks, kMouthRight)};
}

PictureArea eyes_and_mouth_box(const Tensor& marks, int width, int height) {
  constexpr double kMiddleAcross = 0.5, kMiddleDown = 0.43, kEyesToMouth = 0.45;
  const FacePoint left = middle_of(marks, kLeftEye, kRightEye), right = middle_of(marks, kRightEye, kMouth),
                  mouth = middle_of(marks, kMouth, kPointsEnd);
  const int side = whole_px((span_between(mouth, left) + span_between(mouth, right)) / 2 / kEyesToMouth);
  const FacePoint middle{(left[0] + right[0] + mouth[0]) / 3, (left[1] + right[1] + mouth[1]) / 3};
  const int x = whole_px(std::max(0.0, middle[0] - kMiddleAcross * side)),
            y = whole_px(std::max(0.0, middle[1] - kMiddleDown * side));
  int wide = side, high = side;
  if (marks.shape().at(0) == kPointsAndBox) {
    const FacePoint box = face_point(marks, kPointsEnd);
    wide = std::min(side, whole_px(box[0]) + x);
    high = std::min(side, whole_px(box[1]) + y);
  }
  return {.left = x, .top = y, .width = std::min(wide, width - x), .height = std::min(high, height - y)};
}

}  // namespace enxerto
