#include "enxerto/media/image/picture_fingerprint.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr std::size_t kGrid = kFingerprintGrid;

/// Below this share of the brightest cell all differences are rounding.
constexpr double kFlat = 1e-4;

/// Mean colours, (channels, grid, grid).
std::vector<double> cells_of(std::span<const float> planes, std::size_t channels, std::size_t height,
                             std::size_t width) {
  std::vector<double> cells(channels * kGrid * kGrid);
  for (std::size_t channel = 0; channel < channels; ++channel)
    for (std::size_t down = 0; down < kGrid; ++down)
      for (std::size_t across = 0; across < kGrid; ++across) {
        const std::size_t top = down * height / kGrid, bottom = (down + 1) * height / kGrid;
        const std::size_t left = across * width / kGrid, right = (across + 1) * width / kGrid;
        double sum = 0;
        for (std::size_t y = top; y < bottom; ++y)
          for (const float value : planes.subspan((channel * height + y) * width + left, right - left))
            sum += static_cast<double>(value);
        cells[(channel * kGrid + down) * kGrid + across] = sum / static_cast<double>((bottom - top) * (right - left));
      }
  return cells;
}

}  // namespace

PictureFingerprint picture_fingerprint(std::span<const float> planes, const Shape& shape, bool mirrored) {
  const std::size_t channels = to_size(shape.at(0));
  std::vector<double> cells = cells_of(planes, channels, to_size(shape.at(1)), to_size(shape.at(2)));
  double largest = 0, squares = 0;
  for (const double cell : cells) largest = std::max(largest, std::abs(cell));
  if (mirrored)
    for (std::size_t row = 0; row < channels * kGrid; ++row)
      std::reverse(cells.begin() + static_cast<std::ptrdiff_t>(row * kGrid),
                   cells.begin() + static_cast<std::ptrdiff_t>((row + 1) * kGrid));
  std::vector<double> differences;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i % kGrid + 1 < kGrid) differences.push_back(cells[i + 1] - cells[i]);
    if (i / kGrid % kGrid + 1 < kGrid) differences.push_back(cells[i + kGrid] - cells[i]);
  }
  for (const double difference : differences) squares += difference * difference;
  const double length = std::sqrt(squares);
  if (!(length > kFlat * largest)) return {};
  PictureFingerprint values;
  for (const double difference : differences) values.push_back(static_cast<float>(difference / length));
  return values;
}

}  // namespace enxerto
