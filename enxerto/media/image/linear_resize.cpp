#include "enxerto/media/image/linear_resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr std::size_t kSamples = 3;
constexpr int kWeightScale = 1 << 11;  // INTER_RESIZE_COEF_SCALE

/// Two neighbours of each output along one direction, and how they are weighed.
struct Neighbours {
  int first = 0;  ///< may be -1, and its neighbour one too many: those are the picture's first and last
  std::int32_t weight = kWeightScale, next_weight = 0;
};

/// OpenCV weighs the places outside a picture differently across (as if they were not there) and down (as copies of
/// the border), which the rounding shows.
std::vector<Neighbours> neighbours(int from, int to, bool inside) {
  const double scale = 1.0 / (static_cast<double>(to) / from);
  std::vector<Neighbours> all(to_size(to));
  for (int at = 0; at < to; ++at) {
    auto place = static_cast<float>((at + 0.5) * scale - 0.5);
    int first = static_cast<int>(std::floor(place));
    place -= static_cast<float>(first);
    if (inside && first < 0) first = 0, place = 0;
    if (inside && first >= from - 1) first = from - 1, place = 0;
    const auto weight = [](float share) {
      return static_cast<std::int32_t>(std::lrint(share * static_cast<float>(kWeightScale)));
    };
    all[to_size(at)] = {.first = first, .weight = weight(1.0F - place), .next_weight = weight(place)};
  }
  return all;
}

/// A row of the picture, as wide as is wanted, times kWeightScale.
void resize_row(const Image& image, int row, const std::vector<Neighbours>& across, std::vector<std::int32_t>& out) {
  const std::uint8_t* const pixels = image.pixels.data() + to_size(row) * to_size(image.width) * kSamples;
  for (std::size_t x = 0; x < across.size(); ++x) {
    const std::uint8_t* const first = pixels + to_size(across[x].first) * kSamples;
    const std::uint8_t* const next = pixels + to_size(std::min(across[x].first + 1, image.width - 1)) * kSamples;
    for (std::size_t sample = 0; sample < kSamples; ++sample)
      out[x * kSamples + sample] = first[sample] * across[x].weight + next[sample] * across[x].next_weight;
  }
}

/// The last rows that were asked for, by their numbers.
class ResizedRows {
 public:
  ResizedRows(const Image& image, const std::vector<Neighbours>& across) : image_(image), across_(across) {
    for (auto& [number, row] : rows_) row.resize(across.size() * kSamples);
  }

  const std::vector<std::int32_t>& row(int number) {
    number = std::clamp(number, 0, image_.height - 1);
    auto& [held, row] = rows_.at(to_size(number % 2));
    if (held != number) {
      resize_row(image_, number, across_, row);
      held = number;
    }
    return row;
  }

 private:
  const Image& image_;
  const std::vector<Neighbours>& across_;
  std::array<std::pair<int, std::vector<std::int32_t>>, 2> rows_{{{-1, {}}, {-1, {}}}};
};

Image half(const Image& image, int width, int height) {
  Image out{
      .width = width, .height = height, .pixels = std::vector<std::uint8_t>(to_size(width) * to_size(height) * 3)};
  const std::size_t line = to_size(image.width) * kSamples;
  std::uint8_t* to = out.pixels.data();
  for (std::size_t y = 0; y < to_size(height); ++y)
    for (std::size_t x = 0; x < to_size(width) * kSamples; ++x) {
      const std::uint8_t* const from = image.pixels.data() + 2 * y * line + 2 * (x - x % kSamples) + x % kSamples;
      *to++ = static_cast<std::uint8_t>((from[0] + from[kSamples] + from[line] + from[line + kSamples] + 2) >> 2);
    }
  return out;
}

}  // namespace

Image resize_linear(const Image& image, int width, int height) {
  constexpr int kRowBits = 4, kProductBits = 16, kLastBits = 2;  // the steps in which OpenCV comes down to 8 bits
  if (width < 1 || height < 1 || std::int64_t{width} * height > kMaxPixels)
    throw data_error("resize", fmt::format("{} x {} px", width, height),
                     fmt::format("a size from 1 to {} pixels", kMaxPixels));
  if (width == image.width && height == image.height) return image;
  if (image.width == 2 * width && image.height == 2 * height) return half(image, width, height);
  const std::vector<Neighbours> across = neighbours(image.width, width, true),
                                down = neighbours(image.height, height, false);
  Image out{
      .width = width, .height = height, .pixels = std::vector<std::uint8_t>(to_size(width) * to_size(height) * 3)};
  ResizedRows rows(image, across);
  std::uint8_t* to = out.pixels.data();
  for (const Neighbours& place : down) {
    const std::vector<std::int32_t>&first = rows.row(place.first), &next = rows.row(place.first + 1);
    for (std::size_t x = 0; x < first.size(); ++x) {
      const std::int32_t sum = ((place.weight * (first[x] >> kRowBits)) >> kProductBits) +
                               ((place.next_weight * (next[x] >> kRowBits)) >> kProductBits) + (1 << (kLastBits - 1));
      *to++ = static_cast<std::uint8_t>(std::clamp(sum >> kLastBits, 0, 255));
    }
  }
  return out;
}

}  // namespace enxerto
