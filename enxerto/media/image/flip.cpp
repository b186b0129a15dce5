#include "enxerto/media/image/flip.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

std::size_t row_bytes(const Image& image) { return to_size(image.width) * 3; }

/// Which line stands at `at` where lines 0 to `count` - 1 are continued by their mirror images.
std::size_t mirrored(int at, int count) {
  if (at < 0) at = -at;
  if (at >= count) at = 2 * (count - 1) - at;
  return to_size(std::clamp(at, 0, count - 1));
}

void shift_row(const std::uint8_t* from, std::uint8_t* to, int width, int left) {
  const int begin = std::clamp(-left, 0, width), end = std::clamp(width - left, 0, width);
  for (int x = 0; x < begin; ++x) std::memcpy(to + std::ptrdiff_t{x} * 3, from + mirrored(x + left, width) * 3, 3);
  if (end > begin) {
    std::memcpy(to + std::ptrdiff_t{begin} * 3, from + std::ptrdiff_t{begin + left} * 3, to_size(end - begin) * 3);
  }
  for (int x = std::max(begin, end); x < width; ++x)
    std::memcpy(to + std::ptrdiff_t{x} * 3, from + mirrored(x + left, width) * 3, 3);
}

}  // namespace

void flip_left_right(Image& image) {
  const std::size_t bytes = row_bytes(image);
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* first = image.pixels.data() + to_size(y) * bytes;
    for (std::uint8_t* last = first + bytes - 3; first < last; first += 3, last -= 3) {
      std::swap(first[0], last[0]);
      std::swap(first[1], last[1]);
      std::swap(first[2], last[2]);
    }
  }
}

void flip_top_bottom(Image& image) {
  const std::size_t bytes = row_bytes(image);
  std::uint8_t* pixels = image.pixels.data();
  for (std::size_t top = 0, bottom = to_size(image.height) - 1; top < bottom; ++top, --bottom)
    std::swap_ranges(pixels + top * bytes, pixels + (top + 1) * bytes, pixels + bottom * bytes);
}

void shift_reflected(Image& image, int left, int up) {
  if (left == 0 && up == 0) return;
  const std::size_t bytes = row_bytes(image);
  std::vector<std::uint8_t> shifted(image.pixels.size());
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* from = image.pixels.data() + mirrored(y + up, image.height) * bytes;
    shift_row(from, shifted.data() + to_size(y) * bytes, image.width, left);
  }
  image.pixels.swap(shifted);
}

}  // namespace enxerto
