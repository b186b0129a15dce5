#include "enxerto/tasks/placed_masks.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/tasks/picture_map.h"

namespace enxerto {
namespace {

constexpr double kCentre = 0.5;

/// The two places that a point lies between along one dimension, and the share of the second.
struct Neighbours {
  std::size_t low = 0, high = 0;
  float share = 0;
};

Neighbours neighbours_of(double place, std::int64_t count) {
  const double below = std::floor(place), last = static_cast<double>(count - 1);
  return {.low = static_cast<std::size_t>(std::clamp(below, 0.0, last)),
          .high = static_cast<std::size_t>(std::clamp(below + 1, 0.0, last)),
          .share = static_cast<float>(std::clamp(place - below, 0.0, 1.0))};
}

/// Calls `use(row_of(v), column_of(u))` for the place (u, v) of the centre of each pixel, line by line. Where the map
/// is neither turned nor skewed, columns are found once, and the row once a line.
template <typename RowOf, typename ColumnOf, typename Use>
void for_each_place(const PictureMap& map, MapSize size, const RowOf& row_of, const ColumnOf& column_of, Use use) {
  const auto centre = [](std::int64_t pixel) { return static_cast<double>(pixel) + kCentre; };
  if (map[1] != 0 || map[3] != 0) {
    for (std::int64_t y = 0; y < size[0]; ++y)
      for (std::int64_t x = 0; x < size[1]; ++x) {
        const auto [u, v] = moved(map, centre(x), centre(y));
        use(row_of(v), column_of(u));
      }
    return;
  }
  std::vector<decltype(column_of(0.0))> columns;
  for (std::int64_t x = 0; x < size[1]; ++x) columns.push_back(column_of(moved(map, centre(x), 0)[0]));
  for (std::int64_t y = 0; y < size[0]; ++y) {
    const auto row = row_of(moved(map, 0, centre(y))[1]);
    for (const auto& column : columns) use(row, column);
  }
}

/// Scores with those of one place side by side, and the best class of each place.
class ScoreGrid {
 public:
  explicit ScoreGrid(const ScoreMaps& maps) : classes_(to_size(maps.classes)), columns_(to_size(maps.columns)) {
    const std::size_t places = to_size(maps.rows) * columns_;
    if (classes_ == 0 || classes_ > kMostMaskClasses || maps.values.size() != places * classes_ || places == 0)
      throw weights_error("predictions", fmt::format("{} numbers", maps.values.size()),
                          fmt::format("scores of {} classes at {} x {} places", maps.classes, maps.rows, maps.columns));
    scores_.resize(maps.values.size());
    for (std::size_t c = 0; c < classes_; ++c)
      for (std::size_t i = 0; i < places; ++i) scores_[i * classes_ + c] = maps.values[c * places + i];
    best_.resize(places);
    for (std::size_t i = 0; i < places; ++i) {
      const auto first = scores_.begin() + static_cast<std::ptrdiff_t>(i * classes_);
      best_[i] =
          static_cast<std::uint8_t>(std::max_element(first, first + static_cast<std::ptrdiff_t>(classes_)) - first);
    }
  }

  /// Where all four neighbours have one best class, it is the best of any mean of theirs.
  std::uint8_t best(const Neighbours& row, const Neighbours& column) const {
    const std::array<std::size_t, 4> at{row.low * columns_ + column.low, row.low * columns_ + column.high,
                                        row.high * columns_ + column.low, row.high * columns_ + column.high};
    const std::uint8_t first = best_[at[0]];
    if (best_[at[1]] == first && best_[at[2]] == first && best_[at[3]] == first) return first;
    const float* a = &scores_[at[0] * classes_];
    const float* b = &scores_[at[1] * classes_];
    const float* c = &scores_[at[2] * classes_];
    const float* d = &scores_[at[3] * classes_];
    std::size_t found = 0;
    float highest = -INFINITY;
    for (std::size_t k = 0; k < classes_; ++k) {
      const float upper = a[k] + (b[k] - a[k]) * column.share, lower = c[k] + (d[k] - c[k]) * column.share;
      const float score = upper + (lower - upper) * row.share;
      if (score > highest) {
        highest = score;
        found = k;
      }
    }
    return static_cast<std::uint8_t>(found);
  }

 private:
  std::size_t classes_, columns_;
  std::vector<float> scores_;
  std::vector<std::uint8_t> best_;
};

}  // namespace

Tensor placed_mask(const Tensor& mask, const Tensor& alignment, MapSize size) {
  require_mask(mask);
  const PictureMap to_picture = inverse_of(picture_map(alignment));
  const std::int64_t height = mask.shape()[0], width = mask.shape()[1];
  const auto pixels = mask.as<std::uint8_t>();
  const auto inside = [](double place, std::int64_t count) {
    const double below = std::floor(place);
    return below >= 0 && below < static_cast<double>(count) ? static_cast<std::int64_t>(below) : -1;
  };
  TensorBuffer placed(DType::i64, {size[0], size[1]});
  auto out = placed.as<std::int64_t>().begin();
  for_each_place(
      to_picture, size, [&](double v) { return inside(v, height); }, [&](double u) { return inside(u, width); },
      [&](std::int64_t row, std::int64_t column) {
        const std::uint8_t number = row < 0 || column < 0 ? kIgnoredPixel : pixels[to_size(row * width + column)];
        *out++ = number == kIgnoredPixel ? -1 : std::int64_t{number};
      });
  return std::move(placed).freeze();
}

Tensor class_map(const ScoreMaps& scores, const Tensor& alignment, MapSize size) {
  const ScoreGrid grid(scores);
  const PictureMap map = picture_map(alignment);
  if (scores.input[0] < 1 || scores.input[1] < 1)
    throw weights_error("predictions", "scores of an input of unknown size", "the size of the network's input");
  const double down = static_cast<double>(scores.rows) / static_cast<double>(scores.input[0]);
  const double across = static_cast<double>(scores.columns) / static_cast<double>(scores.input[1]);
  TensorBuffer classes(DType::u8, {size[0], size[1]});
  auto out = classes.as<std::uint8_t>().begin();
  for_each_place(
      map, size, [&](double v) { return neighbours_of(v * down - kCentre, scores.rows); },
      [&](double u) { return neighbours_of(u * across - kCentre, scores.columns); },
      [&](const Neighbours& row, const Neighbours& column) { *out++ = grid.best(row, column); });
  return std::move(classes).freeze();
}

Tensor resized_map(const Tensor& map, MapSize size) {
  if (map.shape() == Shape{size[0], size[1]}) return map;
  TensorBuffer resized(DType::u8, {size[0], size[1]});
  const auto from = map.as<std::uint8_t>();
  const std::int64_t height = map.shape().at(0), width = map.shape().at(1);
  auto out = resized.as<std::uint8_t>().begin();
  for (std::int64_t y = 0; y < size[0]; ++y) {
    const std::int64_t row = (2 * y + 1) * height / (2 * size[0]);
    for (std::int64_t x = 0; x < size[1]; ++x)
      *out++ = from[to_size(row * width + (2 * x + 1) * width / (2 * size[1]))];
  }
  return std::move(resized).freeze();
}

}  // namespace enxerto
