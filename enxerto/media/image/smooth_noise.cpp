#include "enxerto/media/image/smooth_noise.h"

#include <array>
#include <cstddef>

#include "enxerto/base/rng.h"

namespace enxerto {
namespace {

constexpr int kCells = 6;
constexpr int kOne = 256;  // whole numbers only, so that every machine rounds alike

using Grid = std::array<std::array<std::array<int, 3>, kCells + 1>, kCells + 1>;

Grid random_grid(std::uint64_t number) {
  Rng rng({.seed = number, .epoch = 0, .example = 0, .purpose = "sample"});
  Grid grid{};
  for (auto& row : grid)
    for (auto& point : row)
      for (int& colour : point) colour = static_cast<int>(rng.below(256));
  return grid;
}

/// Where pixel `at` of `length` lies in the grid: a cell, and the way into it of `kOne`.
struct Place {
  Place(int at, int length) : cell(at * kCells / length), way((at * kCells % length) * kOne / length) {}
  int cell, way;
};

int between(int from, int to, int way) { return from * (kOne - way) + to * way; }

}  // namespace

Image smooth_noise(int width, int height, std::uint64_t number) {
  const Grid grid = random_grid(number);
  Image image{.width = width, .height = height, .pixels = {}};
  image.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (int y = 0; y < height; ++y) {
    const Place row(y, height);
    const auto &above = grid.at(static_cast<std::size_t>(row.cell)),
               &below = grid.at(static_cast<std::size_t>(row.cell) + 1);
    for (int x = 0; x < width; ++x) {
      const Place column(x, width);
      const auto left = static_cast<std::size_t>(column.cell), right = left + 1;
      for (std::size_t c = 0; c < 3; ++c) {
        const int top = between(above.at(left).at(c), above.at(right).at(c), column.way);
        const int bottom = between(below.at(left).at(c), below.at(right).at(c), column.way);
        image.pixels.push_back(static_cast<std::uint8_t>(between(top, bottom, row.way) / (kOne * kOne)));
      }
    }
  }
  return image;
}

}  // namespace enxerto
