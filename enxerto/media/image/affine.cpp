#include "enxerto/media/image/affine.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr double kPi = 3.14159265358979323846;

double radians(double degrees) { return degrees * (kPi / 180.0); }

/// Pillow rounds so, to make a quarter turn exact.
double to_15_places(double value) { return std::round(value * 1e15) / 1e15; }

Image black(const Image& like) {
  Image image{like.width, like.height, {}};
  image.pixels.resize(like.pixels.size());
  return image;
}

const std::uint8_t* pixel_at(const Image& image, int x, int y) {
  return image.pixels.data() + (to_size(y) * to_size(image.width) + to_size(x)) * 3;
}

std::uint8_t* row_at(Image& image, int y) { return image.pixels.data() + to_size(y) * to_size(image.width) * 3; }

/// -1 for everything left of or above the picture, as a cast alone would give 0 for (-1, 0).
int place(double coordinate) {
  if (!(coordinate >= 0)) return -1;
  return static_cast<int>(std::min(coordinate, 2147483647.0));
}

/// Without rotation or shear: Pillow adds up step by step here.
Image scaled(const Image& image, const AffineMatrix& m) {
  Image out = black(image);
  std::vector<int> columns;
  double x_in = m[2] + m[0] * 0.5, y_in = m[5] + m[4] * 0.5;
  for (int x = 0; x < image.width; ++x, x_in += m[0]) columns.push_back(place(x_in));
  for (int y = 0; y < image.height; ++y, y_in += m[4]) {
    const int row = place(y_in);
    if (row < 0 || row >= image.height) continue;
    std::uint8_t* to = row_at(out, y);
    for (const int column : columns) {
      if (column >= 0 && column < image.width) std::memcpy(to, pixel_at(image, column, row), 3);
      to += 3;
    }
  }
  return out;
}

bool fits_fixed_point(const Image& image, const AffineMatrix& m) {
  const auto fits = [&](double x, double y) {
    return std::fabs(x * m[0] + y * m[1] + m[2]) < 32768.0 && std::fabs(x * m[3] + y * m[4] + m[5]) < 32768.0;
  };
  return fits(0, 0) && fits(image.width, 0) && fits(0, image.height) && fits(image.width, image.height);
}

/// 16 bits before and after the point; wraps as Pillow's does, without the undefined overflow.
std::uint32_t fixed_point(double value) {
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::floor(value * 65536.0 + 0.5)));
}

Image nearest_fixed(const Image& image, const AffineMatrix& m) {
  Image out = black(image);
  const std::uint32_t right_x = fixed_point(m[0]), right_y = fixed_point(m[3]);
  const std::uint32_t down_x = fixed_point(m[1]), down_y = fixed_point(m[4]);
  std::uint32_t x_begin = fixed_point(m[2] + m[0] * 0.5 + m[1] * 0.5);
  std::uint32_t y_begin = fixed_point(m[5] + m[3] * 0.5 + m[4] * 0.5);
  for (int y = 0; y < image.height; ++y, x_begin += down_x, y_begin += down_y) {
    std::uint8_t* to = row_at(out, y);
    std::uint32_t x_in = x_begin, y_in = y_begin;
    for (int x = 0; x < image.width; ++x, to += 3, x_in += right_x, y_in += right_y) {
      const int column = static_cast<std::int32_t>(x_in) >> 16, row = static_cast<std::int32_t>(y_in) >> 16;
      if (column < 0 || column >= image.width || row < 0 || row >= image.height) continue;
      std::memcpy(to, pixel_at(image, column, row), 3);
    }
  }
  return out;
}

Image nearest(const Image& image, const AffineMatrix& m) {
  if (m[1] == 0 && m[3] == 0) return scaled(image, m);
  if (fits_fixed_point(image, m)) return nearest_fixed(image, m);
  Image out = black(image);
  double x_begin = m[2] + m[1] * 0.5 + m[0] * 0.5, y_begin = m[5] + m[4] * 0.5 + m[3] * 0.5;
  for (int y = 0; y < image.height; ++y, x_begin += m[1], y_begin += m[4]) {
    std::uint8_t* to = row_at(out, y);
    double x_in = x_begin, y_in = y_begin;
    for (int x = 0; x < image.width; ++x, to += 3, x_in += m[0], y_in += m[3]) {
      const int column = place(x_in), row = place(y_in);
      if (column < 0 || column >= image.width || row < 0 || row >= image.height) continue;
      std::memcpy(to, pixel_at(image, column, row), 3);
    }
  }
  return out;
}

int floor_of(double value) {
  const int cut = static_cast<int>(value);
  return value < cut ? cut - 1 : cut;
}

/// The four pixels around a place inside the picture, weighed in double as Pillow does; the last step cuts off.
void blend_four(const Image& image, double x_in, double y_in, std::uint8_t* to) {
  x_in -= 0.5;
  y_in -= 0.5;
  const int x = floor_of(x_in), y = floor_of(y_in);
  const double across = x_in - x, down = y_in - y;
  const int left = std::max(x, 0), right = std::min(x + 1, image.width - 1);
  const int top = std::max(y, 0), bottom = std::min(y + 1, image.height - 1);
  const std::uint8_t* a = pixel_at(image, left, top);
  const std::uint8_t* c = pixel_at(image, left, bottom);
  const std::ptrdiff_t step = std::ptrdiff_t{right - left} * 3;
  for (int channel = 0; channel < 3; ++channel, ++a, ++c) {
    const double above = a[0] + (a[step] - a[0]) * across;
    const double below = c[0] + (c[step] - c[0]) * across;
    to[channel] = static_cast<std::uint8_t>(above + (below - above) * down);
  }
}

Image bilinear(const Image& image, const AffineMatrix& m) {
  Image out = black(image);
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* to = row_at(out, y);
    const double y_out = y + 0.5;
    for (int x = 0; x < image.width; ++x, to += 3) {
      const double x_out = x + 0.5;
      const double x_in = m[0] * x_out + m[1] * y_out + m[2];
      const double y_in = m[3] * x_out + m[4] * y_out + m[5];
      if (x_in >= 0 && x_in < image.width && y_in >= 0 && y_in < image.height) blend_four(image, x_in, y_in, to);
    }
  }
  return out;
}

}  // namespace

AffineMatrix affine_matrix(const AffineChange& change, double center_x, double center_y) {
  const double turn = radians(change.angle), across = radians(change.shear_across), down = radians(change.shear_down);
  const double a = std::cos(turn - down) / std::cos(down);
  const double b = -std::cos(turn - down) * std::tan(across) / std::cos(down) - std::sin(turn);
  const double c = std::sin(turn - down) / std::cos(down);
  const double d = -std::sin(turn - down) * std::tan(across) / std::cos(down) + std::cos(turn);
  AffineMatrix m{d / change.scale, -b / change.scale, 0, -c / change.scale, a / change.scale, 0};
  m[2] += m[0] * (-center_x - change.right) + m[1] * (-center_y - change.down);
  m[5] += m[3] * (-center_x - change.right) + m[4] * (-center_y - change.down);
  m[2] += center_x;
  m[5] += center_y;
  return m;
}

AffineMatrix rotation_matrix(double angle, int width, int height) {
  const double turn = -radians(angle), x = width / 2.0, y = height / 2.0;
  AffineMatrix m{to_15_places(std::cos(turn)),  to_15_places(std::sin(turn)), 0,
                 to_15_places(-std::sin(turn)), to_15_places(std::cos(turn)), 0};
  m[2] = m[0] * -x + m[1] * -y + x;
  m[5] = m[3] * -x + m[4] * -y + y;
  return m;
}

AffineMatrix composed(const AffineMatrix& a, const AffineMatrix& b) {
  return {a[0] * b[0] + a[1] * b[3], a[0] * b[1] + a[1] * b[4], a[0] * b[2] + a[1] * b[5] + a[2],
          a[3] * b[0] + a[4] * b[3], a[3] * b[1] + a[4] * b[4], a[3] * b[2] + a[4] * b[5] + a[5]};
}

AffineMatrix inverse(const AffineMatrix& m) {
  const double area = m[0] * m[4] - m[1] * m[3];
  const AffineMatrix turned{m[4] / area, -m[1] / area, 0, -m[3] / area, m[0] / area, 0};
  return {turned[0], turned[1], -turned[0] * m[2] - turned[1] * m[5],
          turned[3], turned[4], -turned[3] * m[2] - turned[4] * m[5]};
}

Image transform(const Image& image, const AffineMatrix& matrix, Sampling sampling) {
  return sampling == Sampling::nearest ? nearest(image, matrix) : bilinear(image, matrix);
}

}  // namespace enxerto
