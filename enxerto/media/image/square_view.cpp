#include "enxerto/media/image/square_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Two neighbours along an axis of the rectangle, -1 where it is black, and the share of the second.
struct Between {
  int first = -1, second = -1;
  double share = 0;
};

/// The places of `size` pixels along an axis of which `length` px of `side` are not black, from `begin` on.
std::vector<Between> places_along(int length, int begin, int side, int size) {
  std::vector<Between> places;
  const auto inside = [&](int place) { return place >= begin && place < begin + length ? place - begin : -1; };
  for (int i = 0; i < size; ++i) {
    const double at = static_cast<double>(side) / size * i;
    const int first = static_cast<int>(std::floor(at));
    const int second = std::min(side - 1, static_cast<int>(std::ceil(at)));
    places.push_back({inside(first), inside(second), at - first});
  }
  return places;
}

}  // namespace

void square_into(const Image& image, const PictureArea& box, SquarePlace place, const ImagePreprocess& preprocess,
                 std::span<float> out) {
  const auto size = to_size(preprocess.size);
  if (box.width < 1 || box.height < 1 || box.left < 0 || box.top < 0 || box.width > image.width - box.left ||
      box.height > image.height - box.top || out.size() != 3 * size * size)
    throw data_error("square of a picture",
                     fmt::format("{} x {} px at {}, {} of {} x {} px", box.width, box.height, box.left, box.top,
                                 image.width, image.height),
                     "a rectangle inside of the picture");
  const int side = std::max(box.width, box.height);
  const auto begin = [&](int length) { return place == SquarePlace::first ? 0 : (side - length) / 2; };
  const std::vector<Between> columns = places_along(box.width, begin(box.width), side, preprocess.size);
  const std::vector<Between> rows = places_along(box.height, begin(box.height), side, preprocess.size);
  const auto sample = [&](int x, int y, std::size_t channel) -> double {
    if (x < 0 || y < 0) return 0;
    return image.pixels[(to_size(box.top + y) * to_size(image.width) + to_size(box.left + x)) * 3 + channel];
  };
  const bool reversed = preprocess.channels == ImagePreprocess::Channels::bgr;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::size_t from = reversed ? 2 - c : c;
    float* to = out.data() + c * size * size;
    for (const Between& y : rows) {
      for (const Between& x : columns) {
        const double above = sample(x.first, y.first, from), below = sample(x.first, y.second, from);
        const double top = above + (sample(x.second, y.first, from) - above) * x.share;
        const double bottom = below + (sample(x.second, y.second, from) - below) * x.share;
        const auto value = static_cast<float>(top + (bottom - top) * y.share);
        *to++ = (value / preprocess.divisor - preprocess.mean[c]) / preprocess.deviation[c];
      }
    }
  }
}

}  // namespace enxerto
