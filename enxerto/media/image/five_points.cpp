#include "enxerto/media/image/five_points.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr int kCoordinateBits = 10, kStepBits = 5;  // of fixed-point coordinates; 1/32 px between two samples
constexpr std::int64_t kWarpScale = std::int64_t{1} << kCoordinateBits, kWarpSteps = std::int64_t{1} << kStepBits;
constexpr std::int64_t kHalfStep = kWarpScale / kWarpSteps / 2;
constexpr int kWeightBits = 15;

/// OpenCV's own, in its order of operations.
AffineMatrix inverted(const AffineMatrix& m) {
  double scale = m[0] * m[4] - m[1] * m[3];
  scale = scale != 0 ? 1 / scale : 0;
  const double a = m[4] * scale, e = m[0] * scale, b = m[1] * -scale, d = m[3] * -scale;
  return {a, b, -a * m[2] - b * m[5], d, e, -d * m[2] - e * m[5]};
}

/// saturate_cast<int>: the nearest whole number, of two the even one.
std::int64_t to_fixed(double value) {
  constexpr double kMost = std::numeric_limits<int>::max();
  return std::llrint(std::clamp(value, -kMost, kMost));
}

/// Place and weights along one axis.
struct Sample {
  std::int64_t place, share;  // of the second pixel, in 1/32
};

Sample sample_at(std::int64_t fixed) {
  constexpr std::int64_t kFarthest = 32'768;
  const std::int64_t steps = fixed >> (kCoordinateBits - kStepBits);
  return {std::clamp(steps >> kStepBits, -kFarthest, kFarthest - 1), steps & (kWarpSteps - 1)};
}

void write_pixel(const Image& image, Sample x, Sample y, std::uint8_t* to) {
  std::array<std::int64_t, 3> sums{};
  for (std::int64_t row = 0; row < 2; ++row) {
    for (std::int64_t column = 0; column < 2; ++column) {
      const std::int64_t at_y = y.place + row, at_x = x.place + column;
      if (at_y < 0 || at_y >= image.height || at_x < 0 || at_x >= image.width) continue;
      const std::int64_t weight = (row == 0 ? kWarpSteps - y.share : y.share) *
                                  (column == 0 ? kWarpSteps - x.share : x.share) *
                                  ((std::int64_t{1} << kWeightBits) / kWarpSteps / kWarpSteps);
      const std::uint8_t* from = image.pixels.data() + (to_size(at_y) * to_size(image.width) + to_size(at_x)) * 3;
      for (std::size_t c = 0; c < 3; ++c) sums[c] += weight * from[c];
    }
  }
  for (std::size_t c = 0; c < 3; ++c)
    to[c] = static_cast<std::uint8_t>((sums[c] + (std::int64_t{1} << (kWeightBits - 1))) >> kWeightBits);
}

}  // namespace

AffineMatrix similarity(const FivePoints& from, const FivePoints& to) {
  const double count = static_cast<double>(from.size());
  std::array<double, 2> middle_from{}, middle_to{};
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      middle_from[axis] += from[i][axis] / count;
      middle_to[axis] += to[i][axis] / count;
    }
  }
  double along = 0, across = 0, size = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double x = from[i][0] - middle_from[0], y = from[i][1] - middle_from[1];
    const double u = to[i][0] - middle_to[0], v = to[i][1] - middle_to[1];
    along += x * u + y * v;
    across += x * v - y * u;
    size += x * x + y * y;
  }
  if (size <= 0) return {};
  const double a = along / size, b = across / size;
  return {a, -b, middle_to[0] - a * middle_from[0] + b * middle_from[1],
          b, a,  middle_to[1] - b * middle_from[0] - a * middle_from[1]};
}

Image warped(const Image& image, const AffineMatrix& matrix, int side) {
  const AffineMatrix back = inverted(matrix);
  Image out{.width = side, .height = side, .pixels = std::vector<std::uint8_t>(to_size(side) * to_size(side) * 3)};
  std::vector<std::int64_t> right_x, right_y;
  for (int x = 0; x < side; ++x) {
    right_x.push_back(to_fixed(back[0] * x * kWarpScale));
    right_y.push_back(to_fixed(back[3] * x * kWarpScale));
  }
  std::uint8_t* to = out.pixels.data();
  for (int y = 0; y < side; ++y) {
    const std::int64_t first_x = to_fixed((back[1] * y + back[2]) * kWarpScale) + kHalfStep;
    const std::int64_t first_y = to_fixed((back[4] * y + back[5]) * kWarpScale) + kHalfStep;
    for (int x = 0; x < side; ++x, to += 3)
      write_pixel(image, sample_at(first_x + right_x[to_size(x)]), sample_at(first_y + right_y[to_size(x)]), to);
  }
  return out;
}

Image aligned_face(const Image& image, const FivePoints& points, int side) {
  constexpr double kArcFaceSide = 112;
  FivePoints wanted = kArcFacePoints;
  for (auto& point : wanted)
    for (double& value : point) value *= side / kArcFaceSide;
  return warped(image, similarity(points, wanted), side);
}

}  // namespace enxerto
